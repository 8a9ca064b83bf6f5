package io.countersign.console.layout;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.MethodParameter;
import org.springframework.ui.Model;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.support.RedirectAttributesModelMap;

/** Supplies the {@link Submission} argument of controller methods. */
class Submissions implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType().equals(Submission.class);
    }

    @Override
    public Submission resolveArgument(
            MethodParameter parameter,
            ModelAndViewContainer container,
            NativeWebRequest request,
            WebDataBinderFactory binders) {
        Model model = (Model) container.getModel();
        RedirectAttributesModelMap redirect = new RedirectAttributesModelMap();
        container.setRedirectModel(redirect);
        return new Submission(model, request.getNativeResponse(HttpServletResponse.class), redirect);
    }
}
