/** Who calls AWS, and what is signed with it: sessions for Amazon ECR, tokens for Amazon EKS. */
package io.jenkins.plugins.gitops.engine.aws;
