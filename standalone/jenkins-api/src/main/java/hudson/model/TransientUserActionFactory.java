package hudson.model;

import hudson.ExtensionPoint;
import java.util.Collection;

public abstract class TransientUserActionFactory implements ExtensionPoint {

    public Collection<? extends Action> createFor(User target) {
        throw new UnsupportedOperationException();
    }
}
