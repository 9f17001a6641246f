using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data check</c>: decodes every image.</summary>
internal static class DataCheckCommand
{
    private const int ShownMisnamed = 3;

    private static readonly Argument<string> s_place = DataCommand.Place();
    private static readonly Option<string?> s_quarantine = new("--quarantine") { Description = "Move bad images to this folder", HelpName = "DIR" };

    internal static Command Create() =>
        new Command("check", "Decode every image and name the bad ones").With(s_place, s_quarantine).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        var place = call.Value(s_place)!;
        if (call.Value(s_quarantine) is { } quarantine)
        {
            DataCommand.CheckApart("--quarantine", quarantine, place);
            if (File.Exists(quarantine)) throw new UsageException($"--quarantine {Printable.Of(quarantine)}: is no folder; wanted one, which need not exist");
        }

        var (images, _, warnings) = DataFlags.Find(call, place).OpenAll(call.Stop);
        var check = DatasetCheck.Run(images, call.Value(s_quarantine), stop: call.Stop);
        foreach (var warning in warnings.Concat(check.Warnings).Concat(check.Misnamed.Take(ShownMisnamed))) call.Report.Warning(warning);
        if (check.Misnamed.Count > ShownMisnamed)
            call.Report.Warning(
                $"so {Amount.Of(check.Misnamed.Count - ShownMisnamed, "other file is", "other files are")}, which --json lists: named after another format, "
                + "and decoded as what they are");
        foreach (var bad in check.Bad) call.Report.Error(bad.MovedTo is null ? bad.Message : $"{bad.Message}; moved to {Printable.Of(bad.MovedTo)}");
        call.Report.Line($"{Amount.Of(check.Images, "image")}, {check.Bad.Count} of them bad");
        call.Report.Object(json =>
        {
            json.WriteNumber("images", check.Images);
            DataFindingsJson.WriteBad(json, "bad", check.Bad);
            json.WriteStartArray("warnings");
            foreach (var warning in check.Warnings.Concat(check.Misnamed)) json.WriteStringValue(warning);
            json.WriteEndArray();
        });
        return check.Bad.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }
}
