package io.countersign.cli;

import picocli.CommandLine.Command;

/** Infrastructure, which is clusters. */
@Command(name = "infra", description = "Requests and watches infrastructure.", subcommands = ClusterCommand.class)
final class InfrastructureCommand {}
