package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Plugin;
import hudson.ProxyConfiguration;
import hudson.init.InitMilestone;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Queue;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.File;
import java.io.IOException;
import org.springframework.security.core.Authentication;

@SuppressWarnings("rawtypes")
public class Jenkins implements AccessControlled, ItemGroup<TopLevelItem> {

    public static final PermissionGroup PERMISSIONS = new PermissionGroup(Jenkins.class, null);
    public static final Permission ADMINISTER =
            new Permission(PERMISSIONS, "Administer", null, null, PermissionScope.JENKINS);
    public static final Permission MANAGE =
            new Permission(PERMISSIONS, "Manage", null, ADMINISTER, PermissionScope.JENKINS);
    public static final Permission SYSTEM_READ =
            new Permission(PERMISSIONS, "SystemRead", null, ADMINISTER, PermissionScope.JENKINS);
    public static final Permission READ =
            new Permission(PERMISSIONS, "Read", null, Permission.READ, PermissionScope.JENKINS);

    public static final Authentication ANONYMOUS2 = StandIn.anonymous();

    private static final Jenkins INSTANCE = new Jenkins();

    private Jenkins() {}

    @NonNull
    public static Jenkins get() throws IllegalStateException {
        return INSTANCE;
    }

    @CheckForNull
    public static Jenkins getInstanceOrNull() {
        return INSTANCE;
    }

    public Plugin getPlugin(String shortName) {
        return StandIn.current().plugin(shortName);
    }

    @NonNull
    public static Authentication getAuthentication2() {
        return StandIn.current().authentication();
    }

    @CheckForNull
    public Descriptor getDescriptor(Class<? extends Describable> type) {
        return StandIn.current().descriptor(type);
    }

    @NonNull
    public Descriptor getDescriptorOrDie(Class<? extends Describable> type) {
        return StandIn.current().descriptor(type);
    }

    public <T extends Descriptor> T getDescriptorByType(Class<T> type) {
        return StandIn.current().extension(type);
    }

    @CheckForNull
    public <T extends Item> T getItemByFullName(@NonNull String fullName, Class<T> type) {
        return StandIn.current()
                .item(fullName)
                .filter(type::isInstance)
                .map(type::cast)
                .orElse(null);
    }

    @Override
    public TopLevelItem getItem(String name) {
        return getItemByFullName(name, TopLevelItem.class);
    }

    public final <T extends Item> T getItem(String pathName, Item context, Class<T> type) {
        String folder = pathName.startsWith("/") ? "" : context.getParent().getFullName();
        String path = pathName.startsWith("/") ? pathName.substring(1) : pathName;
        T inside = visible(folder.isEmpty() ? path : folder + "/" + path, type);
        return inside == null ? visible(path, type) : inside;
    }

    private <T extends Item> T visible(String fullName, Class<T> type) {
        T item = getItemByFullName(fullName, type);
        return item != null && item.hasPermission(Item.READ) ? item : null;
    }

    public Queue getQueue() {
        return StandIn.current().extension(Queue.class);
    }

    public InitMilestone getInitLevel() {
        return StandIn.current().initLevel();
    }

    public SecurityRealm getSecurityRealm() {
        return StandIn.current().securityRealm();
    }

    @CheckForNull
    public ProxyConfiguration getProxy() {
        return StandIn.current().proxy();
    }

    @Nullable
    public String getRootUrl() throws IllegalStateException {
        return StandIn.current().rootUrl();
    }

    @Deprecated
    @Override
    public String getUrl() {
        return "";
    }

    @Override
    public String getFullName() {
        return "";
    }

    @Override
    public String getFullDisplayName() {
        return "";
    }

    @Override
    public String getDisplayName() {
        return "Jenkins";
    }

    @Override
    public File getRootDir() {
        return StandIn.current().rootDir();
    }

    @Override
    @NonNull
    public ACL getACL() {
        return StandIn.current().acl(this);
    }

    @Override
    public synchronized void save() throws IOException {}
}
