package org.kohsuke.stapler;

public class Stapler {

    private Stapler() {}

    public static StaplerRequest2 getCurrentRequest2() {
        return null;
    }

    public static StaplerResponse2 getCurrentResponse2() {
        return null;
    }
}
