package io.jenkins.plugins.gitops.standalone;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Plugin;
import hudson.ProxyConfiguration;
import hudson.init.InitMilestone;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.UserProperty;
import hudson.security.ACL;
import hudson.security.GroupDetails;
import hudson.security.Permission;
import hudson.security.SecurityRealm;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import jenkins.model.Jenkins;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * What stands behind the declarations instead of a Jenkins: extensions, users, permissions, credentials, items. A test
 * or the playground sets one up and installs it; everything a declaration answers comes from here. It is not packaged.
 */
public final class StandIn {

    private static final Authentication ANONYMOUS = user("anonymous", List.of());

    private static volatile StandIn current = new StandIn();

    private final Map<Class<?>, Object> extensions = new ConcurrentHashMap<>();
    private final List<Stored> credentials = new CopyOnWriteArrayList<>();
    private final Map<String, Item> items = new ConcurrentHashMap<>();
    private final Map<String, Run<?, ?>> runs = new ConcurrentHashMap<>();
    private final Map<String, Authentication> users = new ConcurrentHashMap<>();
    private final Map<String, Plugin> plugins = new ConcurrentHashMap<>();
    private final Map<String, UserProperty> userProperties = new ConcurrentHashMap<>();
    private final Map<Object, List<Credentials>> uses = new ConcurrentHashMap<>();
    private final ThreadLocal<Authentication> authentication = ThreadLocal.withInitial(() -> ACL.SYSTEM2);
    private volatile Access access = (who, permission, where) -> false;
    private volatile String rootUrl;
    private volatile QueueStandIn queue = new QueueStandIn();
    private volatile InitMilestone initLevel = InitMilestone.COMPLETED;
    private final RunDirectories runDirectories = new RunDirectories();
    private volatile File rootDir;
    private volatile ProxyConfiguration proxy;
    private volatile SecurityRealm securityRealm = new UsersOnly();
    private volatile Function<Authentication, UserDetails> accounts = StandIn::enabled;

    /**
     * Credentials of a folder, or of Jenkins.
     *
     * @param isSystem whether Jenkins has them for itself, not for its items
     */
    private record Stored(IdCredentials credential, ItemGroup<?> place, boolean isSystem) {

        boolean isFor(Object asking) {
            return place == asking || !isSystem && asking instanceof Item item && isFor(item.getParent());
        }
    }

    /** Who may do what where; the system may do everything without being asked about. */
    @FunctionalInterface
    public interface Access {
        boolean allows(@NonNull Authentication who, @NonNull Permission permission, @NonNull Object where);
    }

    @NonNull
    public static StandIn current() {
        return current;
    }

    /** Makes this the one that answers from now on. */
    @NonNull
    public StandIn install() {
        current = this;
        return this;
    }

    @NonNull
    public static Authentication user(@NonNull String id, @NonNull List<String> groups) {
        return UsernamePasswordAuthenticationToken.authenticated(
                id, "", AuthorityUtils.createAuthorityList(groups.toArray(String[]::new)));
    }

    @NonNull
    public static Authentication anonymous() {
        return ANONYMOUS;
    }

    @NonNull
    public StandIn withExtension(@NonNull Object extension) {
        extensions.put(extension.getClass(), extension);
        return this;
    }

    @NonNull
    public StandIn withCredential(@NonNull IdCredentials credential) {
        return withCredential(Jenkins.get(), credential);
    }

    /** Has them in a folder, or in Jenkins, for what is in there. */
    @NonNull
    public StandIn withCredential(@NonNull ItemGroup<?> place, @NonNull IdCredentials credential) {
        credentials.add(new Stored(credential, place, false));
        return this;
    }

    /** Has them with System scope: for Jenkins itself. */
    @NonNull
    public StandIn withSystemCredential(@NonNull IdCredentials credential) {
        credentials.add(new Stored(credential, Jenkins.get(), true));
        return this;
    }

    @NonNull
    public StandIn withItem(@NonNull Item item) {
        items.put(item.getFullName(), item);
        return this;
    }

    @NonNull
    public StandIn withRun(@NonNull Run<?, ?> run) {
        runs.put(run.getExternalizableId(), run);
        return this;
    }

    @NonNull
    public StandIn withoutRun(@NonNull Run<?, ?> run) {
        runs.remove(run.getExternalizableId());
        uses.remove(run);
        return this;
    }

    @NonNull
    public StandIn withUser(@NonNull Authentication user) {
        users.put(user.getName(), user);
        return this;
    }

    /** Has users and groups named by the rules of this realm. */
    @NonNull
    public StandIn withSecurityRealm(@NonNull SecurityRealm realm) {
        securityRealm = realm;
        return this;
    }

    @NonNull
    public SecurityRealm securityRealm() {
        return securityRealm;
    }

    /** Has these accounts behind those who are signed in: one throws what a realm throws, or is disabled. */
    @NonNull
    public StandIn withAccounts(@NonNull Function<Authentication, UserDetails> known) {
        accounts = known;
        return this;
    }

    @NonNull
    public UserDetails account(@NonNull Authentication user) {
        return accounts.apply(user);
    }

    @NonNull
    public static UserDetails enabled(@NonNull Authentication user) {
        return new User(user.getName(), "", user.getAuthorities());
    }

    /** A realm that knows of no group, as Jenkins' own user database does. */
    public static class UsersOnly extends SecurityRealm {

        @Override
        public GroupDetails loadGroupByGroupname2(String groupname, boolean fetchMembers) {
            throw new UsernameNotFoundException(groupname);
        }
    }

    /** Has this build queue, as it was saved before. */
    @NonNull
    public StandIn withQueue(@NonNull QueueStandIn saved) {
        queue = saved;
        return this;
    }

    @NonNull
    public QueueStandIn queue() {
        return queue;
    }

    /** Is still starting, or has started. */
    @NonNull
    public StandIn withInitLevel(@NonNull InitMilestone reached) {
        initLevel = reached;
        return this;
    }

    @NonNull
    public InitMilestone initLevel() {
        return initLevel;
    }

    /** Has this proxy for the controller, or none. */
    @NonNull
    public StandIn withProxy(@CheckForNull ProxyConfiguration configured) {
        proxy = configured;
        return this;
    }

    @CheckForNull
    public ProxyConfiguration proxy() {
        return proxy;
    }

    /** Has a plugin of this short name installed. */
    @NonNull
    @SuppressWarnings("deprecation")
    public StandIn withPlugin(@NonNull String name) {
        plugins.put(name, new Plugin() {});
        return this;
    }

    @NonNull
    public StandIn withUserProperty(@NonNull String user, @NonNull UserProperty property) {
        userProperties.put(user, property);
        return this;
    }

    @NonNull
    public StandIn withAccess(@NonNull Access rule) {
        access = rule;
        return this;
    }

    @NonNull
    public StandIn withRootUrl(@CheckForNull String url) {
        rootUrl = url;
        return this;
    }

    @NonNull
    public StandIn withRootDir(@NonNull File dir) {
        rootDir = dir;
        return this;
    }

    /** The registered extension of the type; a concrete type that nobody registered is made on first use. */
    @NonNull
    public <T> T extension(@NonNull Class<T> type) {
        List<T> known = extensions(type);
        return known.isEmpty() ? type.cast(extensions.computeIfAbsent(type, StandIn::instantiate)) : known.get(0);
    }

    @NonNull
    public <T> List<T> extensions(@NonNull Class<T> type) {
        return new ArrayList<>(extensions.values())
                .stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The descriptor that a describable type nests, as Jenkins finds it. */
    @NonNull
    public Descriptor<?> descriptor(@NonNull Class<?> describable) {
        return Arrays.stream(describable.getDeclaredClasses())
                .filter(Descriptor.class::isAssignableFrom)
                .findFirst()
                .map(nested -> (Descriptor<?>) extension(nested))
                .orElseThrow(() -> new AssertionError(describable + " nests no descriptor"));
    }

    /** @param asking the item, or the group of items, that they are for */
    @NonNull
    public <C extends IdCredentials> Optional<C> credential(
            @NonNull String id, @NonNull Class<C> type, @CheckForNull Object asking) {
        return credentials(type, asking).stream()
                .filter(credential -> credential.getId().equals(id))
                .findFirst();
    }

    /** Likewise, all. */
    @NonNull
    public <C extends IdCredentials> List<C> credentials(@NonNull Class<C> type, @CheckForNull Object asking) {
        return credentials.stream()
                .filter(stored -> stored.isFor(asking == null ? Jenkins.get() : asking))
                .map(Stored::credential)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** @param user a run or an item */
    public void recordUse(@NonNull Object user, @NonNull Credentials used) {
        uses.computeIfAbsent(user, first -> new CopyOnWriteArrayList<>()).add(used);
    }

    /** The credentials whose use by a run or an item was recorded. */
    @NonNull
    public List<Credentials> usedBy(@NonNull Object user) {
        return List.copyOf(uses.getOrDefault(user, List.of()));
    }

    @NonNull
    public Optional<Item> item(@NonNull String fullName) {
        return Optional.ofNullable(items.get(fullName));
    }

    @CheckForNull
    public Run<?, ?> run(@NonNull String externalizableId) {
        Run<?, ?> run = runs.get(externalizableId);
        // As in Jenkins: nothing to whom may not see the job.
        return run != null && acl(run.getParent()).hasPermission(Item.READ) ? run : null;
    }

    /** By their ids. */
    @NonNull
    public Map<String, Authentication> users() {
        return Map.copyOf(users);
    }

    @CheckForNull
    public Plugin plugin(@NonNull String name) {
        return plugins.get(name);
    }

    @NonNull
    public <T extends UserProperty> Optional<T> userProperty(@NonNull String user, @NonNull Class<T> type) {
        return Optional.ofNullable(userProperties.get(user))
                .filter(type::isInstance)
                .map(type::cast);
    }

    @NonNull
    public Authentication authentication() {
        return authentication.get();
    }

    /** Acts as somebody on this thread; returns who it was before. */
    @NonNull
    public Authentication become(@NonNull Authentication who) {
        Authentication before = authentication.get();
        authentication.set(who);
        return before;
    }

    @NonNull
    public ACL acl(@NonNull Object where) {
        return new ACL() {
            @Override
            public boolean hasPermission2(@NonNull Authentication who, @NonNull Permission permission) {
                return access.allows(who, permission, where);
            }
        };
    }

    @CheckForNull
    public String rootUrl() {
        return rootUrl;
    }

    @NonNull
    public File rootDir() {
        if (rootDir == null) {
            throw new IllegalStateException("this stand-in has no root directory: give it one with withRootDir");
        }
        return rootDir;
    }

    /** The same one for the same run. */
    @NonNull
    public File runDirectory(@NonNull String job, int number) {
        return runDirectories.of(job, number);
    }

    private static Object instantiate(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no extension of " + type + " is registered", e);
        }
    }
}
