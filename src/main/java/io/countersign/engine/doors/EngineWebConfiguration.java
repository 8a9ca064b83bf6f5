package io.countersign.engine.doors;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.audit.AuditAfterwards;
import io.countersign.identity.EngineGroups;
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

/** Hands Spring Security's sign-in on to Camunda's web applications and engine-rest. */
@Configuration(proxyBeanMethods = false)
class EngineWebConfiguration {

    /** Anything before Spring Security's filter chain and after Spring Session's filter. */
    private static final int BEFORE_SPRING_SECURITY = -1000;

    /** Anything after Spring Security's filter chain, whose order is -100. */
    private static final int AFTER_SPRING_SECURITY = 100;

    @Bean
    FilterRegistrationBean<ContainerBasedAuthenticationFilter> singleSignOn() {
        FilterRegistrationBean<ContainerBasedAuthenticationFilter> filter =
                new FilterRegistrationBean<>(new ContainerBasedAuthenticationFilter());
        filter.setInitParameters(
                Map.of(ProcessEngineAuthenticationFilter.AUTHENTICATION_PROVIDER_PARAM, SingleSignOn.class.getName()));
        filter.addUrlPatterns("/camunda/app/*", "/camunda/api/*");
        filter.setOrder(AFTER_SPRING_SECURITY);
        return filter;
    }

    @Bean
    FilterRegistrationBean<EngineAuthenticationFilter> engineAuthentication(
            IdentityService identity, EngineGroups groups) {
        FilterRegistrationBean<EngineAuthenticationFilter> filter =
                new FilterRegistrationBean<>(new EngineAuthenticationFilter(identity, groups));
        filter.addUrlPatterns("/engine-rest/*");
        filter.setOrder(AFTER_SPRING_SECURITY + 1);
        return filter;
    }

    @Bean
    FilterRegistrationBean<HiddenTasks> hiddenTasks(
            IdentityService identity, TaskService tasks, EngineGroups groups, ObjectMapper json) {
        FilterRegistrationBean<HiddenTasks> filter =
                new FilterRegistrationBean<>(new HiddenTasks(identity, tasks, groups, json));
        filter.addUrlPatterns("/engine-rest/*", "/camunda/api/*");
        filter.setOrder(AFTER_SPRING_SECURITY);
        return filter;
    }

    @Bean
    FilterRegistrationBean<QueryBounds> queryBounds(EngineDoors doors, ObjectMapper json) {
        FilterRegistrationBean<QueryBounds> filter = new FilterRegistrationBean<>(new QueryBounds(doors, json));
        filter.addUrlPatterns("/engine-rest/*", "/camunda/api/*");
        filter.setOrder(AFTER_SPRING_SECURITY);
        return filter;
    }

    @Bean
    FilterRegistrationBean<EngineTrail> engineTrail(EngineDoors doors, AuditAfterwards afterwards) {
        FilterRegistrationBean<EngineTrail> filter = new FilterRegistrationBean<>(new EngineTrail(doors, afterwards));
        filter.addUrlPatterns("/engine-rest/*", "/camunda/api/*");
        filter.setOrder(AFTER_SPRING_SECURITY);
        return filter;
    }

    /**
     * Signing out of the web applications is Spring Security's to do, before Camunda's own filter looks at the token:
     * so that filter stands here once more.
     */
    @Bean
    FilterRegistrationBean<CsrfPreventionFilter> csrfBeforeSigningOut(CamundaBpmProperties camunda) {
        FilterRegistrationBean<CsrfPreventionFilter> filter = new FilterRegistrationBean<>(new CsrfPreventionFilter());
        filter.setName("csrfBeforeSigningOut");
        filter.setInitParameters(camunda.getWebapp().getCsrf().getInitParams());
        filter.addUrlPatterns("/camunda/api/admin/auth/user/default/logout");
        filter.setOrder(BEFORE_SPRING_SECURITY);
        return filter;
    }

    @Bean
    FilterRegistrationBean<SecureCookies> secureCookies() {
        FilterRegistrationBean<SecureCookies> filter = new FilterRegistrationBean<>(new SecureCookies());
        filter.addUrlPatterns("/camunda/*");
        filter.setOrder(BEFORE_SPRING_SECURITY - 1);
        return filter;
    }
}
