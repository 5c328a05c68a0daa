package com.cloudbees.hudson.plugins.folder;

import hudson.model.AbstractDescribableImpl;

@SuppressWarnings("deprecation")
public abstract class AbstractFolderProperty<C extends AbstractFolder<?>>
        extends AbstractDescribableImpl<AbstractFolderProperty<?>> {}
