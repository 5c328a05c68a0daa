package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.TreeMap;

public class EnvVars extends TreeMap<String, String> {

    private static final long serialVersionUID = 1L;

    public EnvVars() {
        super(String.CASE_INSENSITIVE_ORDER);
    }

    @SuppressWarnings("this-escape") // as in the real one; compilers before 21 do not know it
    public EnvVars(@NonNull Map<String, String> m) {
        this();
        putAll(m);
    }
}
