using System.CommandLine;
using Vitrine.Server.Cli;

var root = new RootCommand("Vitrine, a self-hosted image library server.")
{
    ServeCommand.Create(),
    WorkCommand.Create(),
    ImportCommand.Create(),
    StatusCommand.Create(),
    JobsCommand.Create(),
    FailuresCommand.Create(),
    FoldersCommand.Create(),
    TrashCommand.Create(),
    CleanCommand.Create(),
    BrakeCommand.Create(),
    VerifyCommand.Create(),
    DoctorCommand.Create(),
    UserCommand.Create(),
    AuditCommand.Create(),
};
return await Invocation.RunAsync(root, args);
