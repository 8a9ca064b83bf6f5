package io.countersign.api.http;

import io.countersign.api.validation.Validation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Rejects unknown query parameters, and repeated ones that a resource accepts once: a filter with a misspelt name would
 * filter nothing. The known ones are read from the resource's method.
 */
@Component
class KnownParameters implements HandlerInterceptor, WebMvcConfigurer {

    private static final DefaultParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Map<HandlerMethod, Map<String, Boolean>> known = new ConcurrentHashMap<>();

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method && method.getBeanType().isAnnotationPresent(RestController.class)) {
            Map<String, Boolean> takes = known.computeIfAbsent(method, KnownParameters::parametersOf);
            Validation validation = new Validation();
            request.getParameterMap().forEach((name, values) -> {
                if (validation.check(takes.containsKey(name), name, "is not a known parameter")) {
                    validation.check(values.length == 1 || takes.get(name), name, "must be given once");
                }
            });
            validation.done();
        }
        return true;
    }

    /** @return the names, and whether each may be given more than once */
    private static Map<String, Boolean> parametersOf(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters())
                .flatMap(KnownParameters::parametersOf)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Stream<Map.Entry<String, Boolean>> parametersOf(MethodParameter parameter) {
        if (parameter.hasParameterAnnotation(ParameterObject.class)) {
            return Arrays.stream(parameter.getParameterType().getRecordComponents())
                    .map(component -> Map.entry(component.getName(), isMany(component.getType())));
        }
        parameter.initParameterNameDiscovery(NAMES);
        return Optional.ofNullable(parameter.getParameterAnnotation(RequestParam.class))
                .map(annotation -> annotation.name().isEmpty() ? parameter.getParameterName() : annotation.name())
                .map(name -> Map.entry(name, isMany(parameter.getParameterType())))
                .stream();
    }

    private static boolean isMany(Class<?> type) {
        return Collection.class.isAssignableFrom(type);
    }
}
