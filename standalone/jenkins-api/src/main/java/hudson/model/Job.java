package hudson.model;

import hudson.ExtensionPoint;

public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem
        implements ExtensionPoint {

    protected Job(ItemGroup<? extends Item> parent, String name) {
        super(parent, name);
    }

    public RunT getBuildByNumber(int n) {
        return null;
    }

    public RunT getLastBuild() {
        return null;
    }

    @SuppressWarnings("rawtypes")
    public <T extends JobProperty> T getProperty(Class<T> clazz) {
        return null;
    }
}
