package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;

/** How long each of many took. */
record Latencies(@NonNull long[] nanos) {

    Latencies {
        nanos = nanos.clone();
        Arrays.sort(nanos);
    }

    double medianMillis() {
        return nanos[nanos.length / 2] / 1e6;
    }

    /** Of a hundred, one takes longer. */
    double p99Millis() {
        return nanos[(int) (nanos.length * 0.99)] / 1e6;
    }
}
