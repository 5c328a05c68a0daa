package io.jenkins.plugins.gitops.engine.verification;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.NoData;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import io.jenkins.plugins.gitops.engine.verification.PrometheusApi.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.concurrent.CompletionStage;

/** Compares the value of a query with its bounds. */
public final class PrometheusProbe implements CheckProbe {

    private static final MathContext DIGITS = new MathContext(4);

    private final Prometheus check;
    private final PrometheusApi api;

    public PrometheusProbe(Prometheus check, PrometheusApi api) {
        this.check = check;
        this.api = api;
    }

    @Override
    public CompletionStage<Sample> look() {
        return api.query(check.query()).thenApply(this::read);
    }

    private Sample read(Reading reading) {
        if (reading instanceof Reading.Refused refused) {
            return Sample.impossible(refused.why());
        } else if (reading instanceof Reading.None none) {
            return Sample.missed(none.why());
        }
        double value = reading instanceof Reading.Value found ? found.value() : Double.NaN;
        if (Double.isNaN(value)) {
            String why = reading instanceof Reading.Value ? "no data (NaN)" : "no data";
            return new Sample(noData(check.noData()), why);
        }
        Double above = check.above();
        Double below = check.below();
        boolean isAbove = above == null || value > above;
        boolean isBelow = below == null || value < below;
        StringBuilder text = new StringBuilder(text(value));
        if (!isAbove || above != null && isBelow) {
            text.append(isAbove ? ", above " : ", not above ").append(text(above));
        }
        if (!isBelow || below != null && isAbove) {
            text.append(isBelow ? ", below " : ", not below ").append(text(below));
        }
        return new Sample(isAbove && isBelow ? Sample.Kind.GOOD : Sample.Kind.BAD, text.toString());
    }

    private static Sample.Kind noData(NoData counts) {
        return switch (counts) {
            case WAIT -> Sample.Kind.MISSED;
            case FAIL -> Sample.Kind.BAD;
            case PASS -> Sample.Kind.GOOD;
        };
    }

    private static String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros();
        return Math.abs(rounded.precision() - rounded.scale()) < 10 ? rounded.toPlainString() : rounded.toString();
    }
}
