package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.File;
import java.io.IOException;
import jenkins.model.Loadable;

public abstract class AbstractItem extends Actionable implements Loadable, Item {

    protected volatile String name;

    private final ItemGroup<? extends Item> parent;

    protected AbstractItem(ItemGroup<? extends Item> parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    @Override
    @NonNull
    public ItemGroup<? extends Item> getParent() {
        return parent;
    }

    @Override
    public final String getFullName() {
        String group = parent.getFullName();
        return group.isEmpty() ? name : group + "/" + name;
    }

    @Override
    public final String getFullDisplayName() {
        return getFullName().replace("/", " » ");
    }

    @Override
    public final String getUrl() {
        return parent.getUrl() + getShortUrl();
    }

    @Override
    public String getShortUrl() {
        return "job/" + name + "/";
    }

    @Override
    public File getRootDir() {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    @Override
    @NonNull
    public ACL getACL() {
        return StandIn.current().acl(this);
    }

    @Override
    public synchronized void save() throws IOException {}

    @Override
    public void load() throws IOException {}
}
