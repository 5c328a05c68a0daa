/**
 * The plugin in a real Jenkins. Only the official build, {@code pom.xml}, has one: {@code standalone/} leaves this package
 * out.
 */
package io.jenkins.plugins.gitops.jenkins;
