package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

public abstract class Actionable implements ModelObject {

    private final List<Action> actions = new CopyOnWriteArrayList<>();

    @Deprecated
    @NonNull
    public List<Action> getActions() {
        return actions;
    }

    public final List<? extends Action> getAllActions() {
        return actions;
    }

    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <T extends Action> T getAction(Class<T> type) {
        return getActions(type).stream().findFirst().orElse(null);
    }

    public void addAction(@NonNull Action a) {
        actions.add(a);
    }

    public boolean removeAction(@Nullable Action a) {
        return actions.remove(a);
    }

    public boolean addOrReplaceAction(@NonNull Action a) {
        actions.removeIf(old -> old.getClass() == a.getClass());
        return actions.add(a);
    }
}
