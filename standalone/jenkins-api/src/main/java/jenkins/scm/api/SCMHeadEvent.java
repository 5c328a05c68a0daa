package jenkins.scm.api;

public abstract class SCMHeadEvent<P> extends SCMEvent<P> {

    public SCMHeadEvent(Type type, P payload, String origin) {
        super(type, payload, origin);
    }

    public abstract String getSourceName();
}
