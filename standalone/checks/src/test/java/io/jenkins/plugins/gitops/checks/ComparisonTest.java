package io.jenkins.plugins.gitops.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

    private static final String REAL = """
        package jenkins;
        @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
        @interface Marked { String value() default "x"; }
        public abstract class Thing extends Base implements Runnable {
            protected Thing(String name) {}
            @Deprecated public final void old() {}
            public static int count() { return 0; }
        }
        class Base { public String inherited() { return null; } }
        """;

    @TempDir
    private Path temp;

    @Test
    void aDeclarationWithFewerMembersIsRight() throws IOException {
        assertThat(compare("""
            package jenkins;
            public abstract class Thing implements Runnable {
                protected Thing(String name) {}
                public String inherited() { return null; }
            }
            """)).isEmpty();
    }

    @Test
    void aMemberThatDoesNotExistIsNamed() throws IOException {
        assertThat(compare("""
            package jenkins;
            public abstract class Thing {
                protected Thing(String name) {}
                public void made() {}
            }
            """)).containsExactly("jenkins/Thing.made()V does not exist");
    }

    @Test
    void anotherReturnTypeIsAnotherMember() throws IOException {
        assertThat(compare("""
            package jenkins;
            public abstract class Thing {
                protected Thing(String name) {}
                public static long count() { return 0; }
            }
            """)).containsExactly("jenkins/Thing.count()J does not exist");
    }

    @Test
    void flagsAndBindingAnnotationsMustAgree() throws IOException {
        assertThat(compare("""
            package jenkins;
            public class Thing {
                protected Thing(String name) {}
                public void old() {}
            }
            """))
                .containsExactlyInAnyOrder(
                        "jenkins/Thing is declared [public], but the real one is [abstract, public]",
                        "jenkins/Thing.old()V is declared [public], but the real one is [final, public]",
                        "jenkins/Thing.old()V lacks Ljava/lang/Deprecated;()");
    }

    @Test
    void aSupertypeThatIsNotOneIsNamed() throws IOException {
        assertThat(compare("""
            package jenkins;
            public abstract class Thing implements AutoCloseable {
                protected Thing(String name) {}
            }
            """)).containsExactly("jenkins/Thing is not a java/lang/AutoCloseable");
    }

    @Test
    void aTypeThatDoesNotExistIsNamed() throws IOException {
        assertThat(compare("package jenkins; public interface Other {}"))
                .containsExactly("jenkins/Other does not exist");
    }

    private List<String> compare(String declaration) throws IOException {
        try (ClassShapes declared = compile("declared", declaration);
                ClassShapes real = compile("real", REAL)) {
            return Signatures.differences(declared, real);
        }
    }

    private ClassShapes compile(String name, String source) throws IOException {
        Path folder = Files.createDirectories(temp.resolve(name));
        Path file = Files.writeString(folder.resolve(source.contains("Other") ? "Other.java" : "Thing.java"), source);
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), file.toString());
        assertThat(status).isZero();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(temp.resolve(name + ".jar")));
                var classes = Files.list(folder.resolve("jenkins"))) {
            for (Path type : classes.toList()) {
                jar.putNextEntry(new JarEntry("jenkins/" + type.getFileName()));
                jar.write(Files.readAllBytes(type));
            }
        }
        return ClassShapes.in(temp.resolve(name + ".jar"));
    }
}
