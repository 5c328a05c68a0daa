package hudson.model;

import jakarta.annotation.PostConstruct;

public interface PersistentDescriptor extends Loadable, Saveable {

    @PostConstruct
    @Override
    void load();
}
