package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Registry hosts, for example {@code *.dkr.ecr.eu-central-1.amazonaws.com}.
 *
 * @param glob lower case; {@code *} stands for one part between dots
 */
public record HostPattern(@NonNull String glob) {

    public boolean matches(@NonNull String host) {
        String regex = Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^.]*"));
        return host.matches(regex);
    }
}
