package jenkins.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;

public abstract class IdStrategy {

    public static IdStrategy CASE_INSENSITIVE = new CaseInsensitive();

    public String keyFor(@NonNull String id) {
        return id;
    }

    public static class CaseInsensitive extends IdStrategy {

        @Override
        public String keyFor(@NonNull String id) {
            return id.toLowerCase(Locale.ENGLISH);
        }
    }

    public static class CaseSensitive extends IdStrategy {}
}
