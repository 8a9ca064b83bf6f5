package io.countersign.engine.doors;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.audit.DeferredAudit;
import io.countersign.identity.groups.EngineGroups;
import jakarta.servlet.Filter;
import java.util.Map;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.rest.security.auth.ProcessEngineAuthenticationFilter;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.webapp.impl.security.auth.ContainerBasedAuthenticationFilter;
import org.camunda.bpm.webapp.impl.security.filter.CsrfPreventionFilter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Passes Spring Security's sign-in on to Camunda's web applications and engine-rest. */
@Configuration(proxyBeanMethods = false)
class EngineWebConfiguration {

    /** Before Spring Security's filter chain, after Spring Session's filter. */
    private static final int BEFORE_SPRING_SECURITY = -1000;

    /** After Spring Security's filter chain, whose order is -100. */
    private static final int AFTER_SPRING_SECURITY = 100;

    private static final String[] APIS = {"/engine-rest/*", "/camunda/api/*"};

    @Bean
    FilterRegistrationBean<ContainerBasedAuthenticationFilter> singleSignOn() {
        FilterRegistrationBean<ContainerBasedAuthenticationFilter> filter =
                filter(new ContainerBasedAuthenticationFilter(), "/camunda/app/*", "/camunda/api/*");
        filter.setInitParameters(
                Map.of(ProcessEngineAuthenticationFilter.AUTHENTICATION_PROVIDER_PARAM, SingleSignOn.class.getName()));
        return filter;
    }

    @Bean
    FilterRegistrationBean<HiddenTasks> hiddenTasks(
            IdentityService identity, TaskService tasks, EngineGroups groups, ObjectMapper json) {
        return filter(new HiddenTasks(identity, tasks, groups, json), APIS);
    }

    @Bean
    FilterRegistrationBean<QueryBounds> queryBounds(EngineDoors doors, ObjectMapper json) {
        return filter(new QueryBounds(doors, json), APIS);
    }

    @Bean
    FilterRegistrationBean<EngineTrail> engineTrail(EngineDoors doors, DeferredAudit deferred) {
        return filter(new EngineTrail(doors, deferred), APIS);
    }

    @Bean
    FilterRegistrationBean<EngineAuthenticationFilter> engineAuthentication(
            IdentityService identity, EngineGroups groups) {
        FilterRegistrationBean<EngineAuthenticationFilter> filter =
                filter(new EngineAuthenticationFilter(identity, groups), "/engine-rest/*");
        filter.setOrder(AFTER_SPRING_SECURITY + 1);
        return filter;
    }

    /**
     * Spring Security signs people out of the web applications before Camunda's own filter has checked the token, so
     * that filter is registered here as well.
     */
    @Bean
    FilterRegistrationBean<CsrfPreventionFilter> csrfBeforeSigningOut(CamundaBpmProperties camunda) {
        FilterRegistrationBean<CsrfPreventionFilter> filter =
                filter(new CsrfPreventionFilter(), "/camunda/api/admin/auth/user/default/logout");
        filter.setName("csrfBeforeSigningOut");
        filter.setInitParameters(camunda.getWebapp().getCsrf().getInitParams());
        filter.setOrder(BEFORE_SPRING_SECURITY);
        return filter;
    }

    @Bean
    FilterRegistrationBean<SecureCookies> secureCookies() {
        FilterRegistrationBean<SecureCookies> filter = filter(new SecureCookies(), "/camunda/*");
        filter.setOrder(BEFORE_SPRING_SECURITY - 1);
        return filter;
    }

    private static <F extends Filter> FilterRegistrationBean<F> filter(F filter, String... paths) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns(paths);
        registration.setOrder(AFTER_SPRING_SECURITY);
        return registration;
    }
}
