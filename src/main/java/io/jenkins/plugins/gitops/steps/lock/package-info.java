/** Locks that stop promotions, set and lifted by Pipelines. */
package io.jenkins.plugins.gitops.steps.lock;
