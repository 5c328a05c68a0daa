package hudson;

import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.AbstractList;
import java.util.List;

public class ExtensionList<T> extends AbstractList<T> {

    private final List<T> extensions;

    private ExtensionList(List<T> extensions) {
        this.extensions = extensions;
    }

    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>(StandIn.current().extensions(type));
    }

    public static <U> U lookupSingleton(Class<U> type) {
        return StandIn.current().extension(type);
    }

    @Override
    public T get(int index) {
        return extensions.get(index);
    }

    @Override
    public int size() {
        return extensions.size();
    }
}
