package com.cloudbees.plugins.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;

public class CredentialsMatchers {

    private CredentialsMatchers() {}

    @NonNull
    @SuppressWarnings({"rawtypes", "unchecked"})
    public static CredentialsMatcher instanceOf(@NonNull Class clazz) {
        return item -> clazz.isInstance(item);
    }

    @NonNull
    public static CredentialsMatcher anyOf(@NonNull CredentialsMatcher... matchers) {
        return item -> Arrays.stream(matchers).anyMatch(matcher -> matcher.matches(item));
    }
}
