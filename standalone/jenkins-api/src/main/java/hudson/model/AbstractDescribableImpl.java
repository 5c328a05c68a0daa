package hudson.model;

/** Deprecated in Jenkins too; only {@code Step} and folder properties still extend it. */
@Deprecated(since = "2.505")
public abstract class AbstractDescribableImpl<T extends AbstractDescribableImpl<T>> implements Describable<T> {}
