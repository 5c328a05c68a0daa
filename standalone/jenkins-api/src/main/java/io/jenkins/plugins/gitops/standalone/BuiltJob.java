package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.JobProperty;
import hudson.model.ParameterDefinition;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A job that can be built: a test begins and ends its builds. */
public final class BuiltJob extends Job<BuiltJob, BuiltJob.Build> implements Queue.Task {

    private final List<Build> builds = new CopyOnWriteArrayList<>();
    private final ParametersDefinitionProperty parameters;

    public BuiltJob(@NonNull ItemGroup<?> parent, @NonNull String name, @NonNull ParameterDefinition... parameters) {
        super(parent, name);
        this.parameters = parameters.length == 0 ? null : new ParametersDefinitionProperty(parameters);
    }

    /** One that runs. */
    @NonNull
    public Build newBuild() throws IOException {
        Build build = new Build(this, builds.size() + 1);
        builds.add(build);
        return build;
    }

    public void delete(@NonNull Build build) {
        builds.remove(build);
    }

    /** Oldest first. */
    @NonNull
    public List<Build> builds() {
        return builds;
    }

    @Override
    public Build getBuildByNumber(int number) {
        return builds.stream()
                .filter(build -> build.getNumber() == number)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Build getLastBuild() {
        return builds.isEmpty() ? null : builds.get(builds.size() - 1);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public <T extends JobProperty> T getProperty(Class<T> type) {
        return type.isInstance(parameters) ? type.cast(parameters) : null;
    }

    /** A build of it. */
    public static final class Build extends Run<BuiltJob, Build> {

        private volatile Result result;

        private Build(BuiltJob job, int build) throws IOException {
            super(job);
            number = build;
        }

        public void end(@NonNull Result ended) {
            result = ended;
        }

        @Override
        @CheckForNull
        public Result getResult() {
            return result;
        }

        @Override
        public boolean isBuilding() {
            return result == null;
        }

        @Override
        @CheckForNull
        public Build getPreviousBuild() {
            int at = project.builds.indexOf(this);
            return at < 1 ? null : project.builds.get(at - 1);
        }
    }
}
