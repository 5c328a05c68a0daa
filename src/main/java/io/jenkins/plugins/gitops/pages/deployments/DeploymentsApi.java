package io.jenkins.plugins.gitops.pages.deployments;

import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.pages.CsvAnswer;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import java.util.Set;
import java.util.function.Supplier;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/** Reads the deployments that whoever asks may see (docs/openapi.yaml). */
public class DeploymentsApi {

    private final Supplier<VisibleApplications> visible;

    /** @param visible to whoever asks; refuses those who may see none */
    DeploymentsApi(Supplier<VisibleApplications> visible) {
        this.visible = visible;
    }

    /**
     * As JSON, as they were read last.
     *
     * @param application id of one alone, as {@link #doOverview} has it; empty for all
     */
    @GET
    public HttpResponse doDeployments(@QueryParameter String application) {
        String id = DeploymentsPanel.text(application);
        return new JsonAnswer(200, visible.get().json(id.isEmpty() ? Set.of() : Set.of(id)));
    }

    /** The same at a glance, of however many applications. */
    @GET
    public HttpResponse doOverview() {
        return new JsonAnswer(200, visible.get().overview());
    }

    /**
     * The history of an environment, newest first.
     *
     * @param application id, as {@link #doDeployments} has it
     */
    @GET
    public HttpResponse doHistory(@QueryParameter String application, @QueryParameter String environment) {
        return visible.get()
                .history(DeploymentsPanel.text(application), DeploymentsPanel.text(environment))
                .<HttpResponse>map(json -> new JsonAnswer(200, json))
                .orElseGet(DeploymentsApi::unknownApplication);
    }

    private static HttpResponse unknownApplication() {
        return JsonAnswer.problem(404, Messages.JobDeploymentsApi_unknownApplication());
    }

    /**
     * Two environments of an application side by side, and what a promotion from the one to the other would do now.
     *
     * @param application id, as {@link #doDeployments} has it
     * @param from the one; empty for the first environment that releases of the other come from
     * @param to the other
     */
    @GET
    public HttpResponse doComparison(
            @QueryParameter String application, @QueryParameter String from, @QueryParameter String to) {
        return visible.get()
                .comparison(DeploymentsPanel.text(application), DeploymentsPanel.text(from), DeploymentsPanel.text(to))
                .<HttpResponse>map(comparison -> new JsonAnswer(200, GateJson.text(comparison)))
                .orElseGet(DeploymentsApi::unknownApplication);
    }

    /** Freezes, locks and soak ends of the next 30 days. */
    @GET
    public HttpResponse doCalendar() {
        return new JsonAnswer(200, GateJson.text(visible.get().calendar()));
    }

    /**
     * How an application is delivered, for each of its environments.
     *
     * @param application id, as {@link #doDeployments} has it
     */
    @GET
    public HttpResponse doFigures(@QueryParameter String application) {
        return visible.get()
                .figures(DeploymentsPanel.text(application))
                .<HttpResponse>map(figures -> new JsonAnswer(200, GateJson.text(figures)))
                .orElseGet(DeploymentsApi::unknownApplication);
    }

    /** The same as a table, a row for each week. */
    @GET
    @WebMethod(name = "figures.csv")
    public HttpResponse doFiguresTable(@QueryParameter String application) {
        return visible.get()
                .figures(DeploymentsPanel.text(application))
                .map(figures -> figures.ready()
                        ? new CsvAnswer("figures.csv", FiguresView.COLUMNS, figures.rows())
                        : JsonAnswer.problem(503, Messages.DeploymentsApi_reading()))
                .orElseGet(DeploymentsApi::unknownApplication);
    }

    /** Every deployment as a table, a row for each; all of them, or an answer that says why not. */
    @GET
    @WebMethod(name = "audit.csv")
    public HttpResponse doAuditTable() {
        VisibleApplications all = visible.get();
        return all.unknown()
                .map(why -> JsonAnswer.problem(503, why))
                .orElseGet(() -> new CsvAnswer("audit.csv", Audit.COLUMNS, all.audit()));
    }
}
