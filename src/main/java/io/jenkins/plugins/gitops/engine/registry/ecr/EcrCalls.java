package io.jenkins.plugins.gitops.engine.registry.ecr;

import io.jenkins.plugins.gitops.engine.aws.AwsException;
import io.jenkins.plugins.gitops.engine.aws.AwsSession;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.model.EcrException;

/** Makes calls to ECR, and explains what goes wrong. */
final class EcrCalls {

    private static final Set<String> DENIED = Set.of("AccessDeniedException", "AccessDenied", "UnauthorizedOperation");
    private static final Set<String> NOT_KNOWN = Set.of(
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "ExpiredTokenException",
            "ExpiredToken",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "MissingAuthenticationTokenException");

    private final EcrHost host;
    private final AwsSession session;

    EcrCalls(EcrHost host, AwsSession session) {
        this.host = host;
        this.session = session;
    }

    /** @param permission what IAM calls the action, named to whoever is refused */
    <T> T answer(String permission, ImageName name, Supplier<T> call) {
        try {
            // Asked for first: an identity without credentials is another sentence than a registry that refuses.
            session.credentials();
            return call.get();
        } catch (AbortedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(
                    "Registry '" + host + "' did not respond before the request was interrupted: run the step again.",
                    e);
        } catch (EcrException e) {
            throw new RegistryException(sentence(permission, name, e), e);
        } catch (SdkException e) {
            throw new RegistryException(
                    "Registry '" + host + "' cannot be reached (" + AwsException.reason(e)
                            + "): check the region in its" + " name and the network between it and Jenkins.",
                    e);
        }
    }

    private String sentence(String permission, ImageName name, AwsServiceException fault) {
        String code = AwsException.code(fault);
        if (DENIED.contains(code)) {
            return "AWS does not allow " + session + " to call " + permission + " on '" + name.path() + "' in '" + host
                    + "': grant it in the identity's policy, and in the repository's for another account.";
        }
        if (NOT_KNOWN.contains(code)) {
            return "AWS does not recognize the credentials of " + session + " (" + code
                    + "): renew them in Jenkins, or check the controller's clock.";
        }
        if (fault.isThrottlingException()) {
            return "Registry '" + host + "' limits requests: try again later, or ask AWS for a higher rate of "
                    + permission + ".";
        }
        return "Registry '" + host + "' refuses " + permission + " on '" + name.path() + "' ("
                + AwsException.reason(fault) + "): try again, or look it up in the AWS console.";
    }
}
