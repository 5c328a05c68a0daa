package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** An image reference, or a part of one, that is malformed or not fit for a release: the user gives another. */
public final class InvalidImageException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 200;

    private final String predicate;

    /**
     * @param given what the user wrote; shown on one line
     * @param predicate what is wrong with it and what to do, without full stop: {@code is not a tag: …}
     */
    public InvalidImageException(String given, String predicate) {
        super("'" + visible(given) + "' " + predicate + ".");
        this.predicate = predicate;
    }

    private InvalidImageException(String predicate) {
        super("The value " + predicate + ".");
        this.predicate = predicate;
    }

    /** What stands at a place in a file, which is not repeated: it may be a secret. */
    public static InvalidImageException unnamed(String predicate) {
        return new InvalidImageException(predicate);
    }

    /** What is wrong, without what was given: {@code is not a tag: …}. */
    public String predicate() {
        return predicate;
    }

    /** As it is said of a place in a file: without the value, which may be a secret, and without advice made of it. */
    public String sentenceAtPlace() {
        int advice = predicate.indexOf("; ", predicate.indexOf("is not a tag") < 0 ? predicate.length() : 0);
        return "the value here " + (advice < 0 ? predicate : predicate.substring(0, advice));
    }

    private static String visible(String given) {
        String oneLine = given.replaceAll("[\\p{C}\\u2028\\u2029\\u0085]", "?");
        return oneLine.length() <= SHOWN ? oneLine : oneLine.substring(0, SHOWN) + "…";
    }
}
