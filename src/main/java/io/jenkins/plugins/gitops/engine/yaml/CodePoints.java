package io.jenkins.plugins.gitops.engine.yaml;

import java.util.Arrays;

/** Translates the parser's offsets, which count code points, to UTF-16 offsets. */
final class CodePoints {

    /** The code point offset of each character outside the Basic Multilingual Plane, ascending. */
    private final int[] astral;

    CodePoints(String text) {
        int[] found = new int[0];
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, Math.max(16, count * 2));
                }
                found[count] = i - count;
                count++;
                i++;
            }
        }
        astral = Arrays.copyOf(found, count);
    }

    int toOffset(int codePoint) {
        if (astral.length == 0) {
            return codePoint;
        }
        int index = Arrays.binarySearch(astral, codePoint);
        int before = index >= 0 ? index : -index - 1;
        return codePoint + before;
    }
}
