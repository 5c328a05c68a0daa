package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.ExtensionPoint;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.PermissionGroup;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.File;
import java.io.IOException;
import java.util.List;

public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements ExtensionPoint, Comparable<RunT>, AccessControlled, PersistenceRoot {

    public static final PermissionGroup PERMISSIONS = new PermissionGroup(Run.class, null);

    @NonNull
    protected final transient JobT project;

    public transient int number;

    private final transient Object dirLock = new Object();

    private transient File dir;

    protected Run(@NonNull JobT job) throws IOException {
        this.project = job;
    }

    @CheckForNull
    public static Run<?, ?> fromExternalizableId(String id) {
        return StandIn.current().run(id);
    }

    @NonNull
    public JobT getParent() {
        return project;
    }

    public int getNumber() {
        return number;
    }

    @CheckForNull
    public RunT getPreviousBuild() {
        return null;
    }

    @NonNull
    public String getId() {
        return Integer.toString(number);
    }

    @NonNull
    public String getExternalizableId() {
        return project.getFullName() + "#" + getNumber();
    }

    @NonNull
    public String getUrl() {
        return project.getUrl() + getNumber() + "/";
    }

    @CheckForNull
    public Result getResult() {
        return null;
    }

    public boolean isBuilding() {
        return true;
    }

    public final long getTimeInMillis() {
        return System.currentTimeMillis();
    }

    public final long getStartTimeInMillis() {
        return 0;
    }

    public String getFullDisplayName() {
        return project.getFullDisplayName() + " #" + getNumber();
    }

    @Override
    public String getDisplayName() {
        return "#" + getNumber();
    }

    @NonNull
    public List<Cause> getCauses() {
        CauseAction action = getAction(CauseAction.class);
        return action == null ? List.of() : action.getCauses();
    }

    @CheckForNull
    public <T extends Cause> T getCause(Class<T> type) {
        return getCauses().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    @NonNull
    public EnvVars getEnvironment(@NonNull TaskListener listener) throws IOException, InterruptedException {
        return new EnvVars();
    }

    @Override
    @NonNull
    public File getRootDir() {
        synchronized (dirLock) {
            if (dir == null) {
                dir = StandIn.current().runDirectory(project.getFullName(), number);
            }
            return dir;
        }
    }

    @Override
    @NonNull
    public ACL getACL() {
        return StandIn.current().acl(this);
    }

    @Override
    public synchronized void save() throws IOException {}

    @Override
    public int compareTo(@NonNull RunT that) {
        return Integer.compare(number, that.number);
    }
}
