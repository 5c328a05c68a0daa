package io.jenkins.plugins.gitops.engine.aws;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** AWS gives no credentials, or refuses those it was given: the user mends the identity or its permissions. */
public final class AwsException extends GitOpsException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 200;

    AwsException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The service's error code; empty if a proxy or another server answered in its place. */
    public static String code(AwsServiceException fault) {
        boolean named =
                fault.awsErrorDetails() != null && fault.awsErrorDetails().errorCode() != null;
        return named ? fault.awsErrorDetails().errorCode() : "";
    }

    /** Code and message of the service, or the client's own reason; one line, no full stop, no request id. */
    public static String reason(SdkException fault) {
        if (!(fault instanceof AwsServiceException service)) {
            return shortened(String.valueOf(fault.getMessage()));
        }
        String code = code(service);
        if (code.isEmpty()) {
            return "status " + service.statusCode();
        }
        String message = service.awsErrorDetails().errorMessage();
        return shortened(code + (message == null ? "" : ": " + message));
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        // The credential chain lists every provider after this, which helps nobody in a sentence.
        int list = line.indexOf(" AwsCredentialsProviderChain(");
        String head = list < 0 ? line : line.substring(0, list);
        String cut = head.length() <= LONGEST ? head : head.substring(0, LONGEST) + "…";
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
