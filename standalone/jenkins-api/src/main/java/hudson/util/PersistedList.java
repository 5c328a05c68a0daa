package hudson.util;

import hudson.model.Saveable;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

public class PersistedList<T> extends AbstractList<T> {

    private final List<T> kept = new ArrayList<>();

    public PersistedList(Saveable owner) {}

    @Override
    public T get(int index) {
        return kept.get(index);
    }

    @Override
    public int size() {
        return kept.size();
    }

    public void replaceBy(Collection<? extends T> col) throws IOException {
        kept.clear();
        kept.addAll(col);
    }
}
