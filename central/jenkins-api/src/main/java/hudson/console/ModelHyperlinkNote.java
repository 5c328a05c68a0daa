package hudson.console;

public class ModelHyperlinkNote extends HyperlinkNote {

    private ModelHyperlinkNote() {}

    public static String encodeTo(String url, String text) {
        return text;
    }
}
