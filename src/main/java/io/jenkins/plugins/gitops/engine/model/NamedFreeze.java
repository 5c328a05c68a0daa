package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import java.util.List;

/**
 * A freeze that {@code gitops.yaml} declares for many targets at once.
 *
 * @param environments names or patterns; empty for every environment
 * @param applications names or patterns; empty for every application
 * @param windows when promotions may pass
 */
public record NamedFreeze(String name, List<Glob> environments, List<Glob> applications, FreezeCalendar windows) {

    public NamedFreeze {
        environments = List.copyOf(environments);
        applications = List.copyOf(applications);
    }

    /** Whether it holds for a target. */
    public boolean covers(String application, String environment) {
        return isAmong(application, applications) && isAmong(environment, environments);
    }

    private static boolean isAmong(String name, List<Glob> patterns) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }
}
