package com.cloudbees.hudson.plugins.folder;

import hudson.model.AbstractItem;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.util.DescribableList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

public abstract class AbstractFolder<I extends TopLevelItem> extends AbstractItem
        implements TopLevelItem, ItemGroup<I> {

    @SuppressWarnings("this-escape") // as in the real one; compilers before 21 do not know it
    private final DescribableList<AbstractFolderProperty<?>, AbstractFolderPropertyDescriptor> properties =
            new DescribableList<>(this);

    protected AbstractFolder(ItemGroup<?> parent, String name) {
        super(parent, name);
    }

    public DescribableList<AbstractFolderProperty<?>, AbstractFolderPropertyDescriptor> getProperties() {
        return properties;
    }

    public void addProperty(AbstractFolderProperty<?> p) throws IOException {
        List<AbstractFolderProperty<?>> all = new ArrayList<>(properties);
        all.removeIf(other -> other.getClass() == p.getClass());
        all.add(p);
        properties.replaceBy(all);
    }

    @Override
    public I getItem(String name) {
        throw new UnsupportedOperationException("only in Jenkins");
    }
}
