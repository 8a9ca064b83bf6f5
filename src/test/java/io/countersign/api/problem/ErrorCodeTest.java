package io.countersign.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.DocumentedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    @Test
    void docs_list_every_code() throws IOException {
        new DocumentedTable(Path.of("docs/errors.md"), "| code | what it says |")
                .holds(
                        "ErrorCodeTest",
                        Arrays.stream(ErrorCode.values())
                                .map(code -> "| `" + code.wireName() + "` | " + code.meaning() + " |")
                                .toList());
    }

    @Test
    void code_is_its_wire_name_in_json() throws JsonProcessingException {
        assertThat(new ObjectMapper().writeValueAsString(ErrorCode.SELF_APPROVAL))
                .isEqualTo("\"self_approval\"");
    }
}
