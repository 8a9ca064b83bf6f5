package io.countersign.api.problem;

import java.io.IOException;
import org.apache.catalina.Host;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Answers what Tomcat refuses before it reaches us, such as a malformed address or header, as problem+json. */
@Component
class ProblemReports implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        tomcat.addContextCustomizers(
                context -> ((Host) context.getParent()).getPipeline().addValve(new Report()));
    }

    private static final class Report extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable failure) {
            HttpStatus status = HttpStatus.resolve(response.getStatus());
            if (status == null
                    || !status.isError()
                    || response.getContentWritten() > 0
                    || !response.setErrorReported()) {
                return;
            }
            String code = Problems.code(status);
            try {
                response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
                response.getReporter().write("""
                        {"type":"%s%s","title":"%s","status":%d,"detail":"%s","code":"%s"}""".formatted(
                                Problems.TYPE,
                                code,
                                status.getReasonPhrase(),
                                status.value(),
                                "The server could not understand this request.",
                                code));
                response.finishResponse();
            } catch (IOException e) {
                getContainer().getLogger().debug("The client hung up", e);
            }
        }
    }
}
