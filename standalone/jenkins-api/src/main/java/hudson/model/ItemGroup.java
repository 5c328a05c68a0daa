package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import jenkins.model.FullyNamed;
import jenkins.model.FullyNamedModelObject;

public interface ItemGroup<T extends Item> extends FullyNamed, FullyNamedModelObject, PersistenceRoot {

    String getUrl();

    @CheckForNull
    T getItem(String name);
}
