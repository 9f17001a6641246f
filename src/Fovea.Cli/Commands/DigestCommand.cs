using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats.Checksums;
using Fovea.Naming;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea digest</c>: what tells the tensors of a checkpoint from others, whatever else its file says.</summary>
internal static class DigestCommand
{
    private static readonly Argument<string> s_place = new("PLACE")
    {
        Description = "The folder of a run, a checkpoint, a file of weights, a shipped model (.fovea) or an ONNX file",
    };

    private static readonly Option<bool> s_tensors = new("--tensors") { Description = "Also print the digest of each tensor" };

    internal static Command Create() => new Command("digest", "Print the SHA-256 of a checkpoint's tensors, by which two runs are compared")
        .With(s_place, SourceFlags.LatestCheckpoint, s_tensors).Runs(Run);

    private static int Run(Invocation call)
    {
        var place = call.Value(s_place)!;
        if (!Directory.Exists(place)) SourceFlags.Refuse(call, "a file", "it says which of a run's checkpoints", SourceFlags.LatestCheckpoint);
        var checkpoint = CheckpointAt(call, place);
        var tensors = checkpoint?.Tensors ?? TensorsOf(call, place);
        var file = checkpoint?.Path ?? place;
        List<(string What, IReadOnlyList<(string Name, HostTensor Tensor)> Tensors)> parts = [("all", tensors)];
        if (checkpoint is { IsWhole: true }) parts.Add(("weights", checkpoint.LastWeights()));
        if (checkpoint is { IsWhole: true, HasAverages: true }) parts.Add(("averages", checkpoint.Weights()));
        Print(call, file, checkpoint, parts);
        call.Report.Object(json =>
        {
            json.WriteString("file", file);
            if (checkpoint is not null)
            {
                json.WriteNumber("epoch", checkpoint.State.Epoch);
                json.WriteNumber("step", checkpoint.State.Step);
            }

            foreach (var (what, some) in parts) json.WriteString(what, ContentSum.OfTensors(some));
            json.WriteNumber("tensors", tensors.Count);
            if (call.Value(s_tensors)) WriteEach(json, tensors);
        });
        return ExitCodes.Ok;
    }

    /// <summary>The checkpoint at a place; null where it is none.</summary>
    private static Checkpoint? CheckpointAt(Invocation call, string place)
    {
        if (!Directory.Exists(place)) return File.Exists(place) && CheckpointFile.IsOne(place) ? CheckpointFile.Read(place) : null;
        var (folder, name) = (RunFolder.CheckpointsOf(place), call.Value(SourceFlags.LatestCheckpoint) ?? "latest");
        return folder.Look(name, call.Report.Warning)
            ?? throw new UsageException(
                $"{Printable.Of(place)}: holds no checkpoint '{Printable.Line(name)}'; wanted the folder of a run"
                + (folder.Names.Count > 0 ? $", which has {string.Join(", ", folder.Names)}" : ", as 'fovea train --out' makes it"));
    }

    private static IReadOnlyList<(string Name, HostTensor Tensor)> TensorsOf(Invocation call, string place)
    {
        if (!File.Exists(place))
            throw new UsageException($"{Printable.Of(place)}: there is no such file or folder; wanted the folder of a run, a checkpoint or a file of weights");
        return ModelSource.Kinds.FirstOrDefault(kind => !kind.IsDescribed && kind.Takes(place)) is { } kind
            ? kind.Load(place).Tensors
            : WeightLoading.Read(place, "", call.Report.Note);
    }

    private static void Print(
        Invocation call, string file, Checkpoint? checkpoint, List<(string What, IReadOnlyList<(string Name, HostTensor Tensor)> Tensors)> parts)
    {
        var where = checkpoint is null ? "" : string.Create(CultureInfo.InvariantCulture, $": epoch {checkpoint.State.Epoch}, step {checkpoint.State.Step}");
        call.Report.Line($"{Printable.Of(file)}{where}");
        var table = new TextTable("what", ">tensors", "SHA-256");
        foreach (var (what, some) in parts) table.Row(what, some.Count.ToString(CultureInfo.InvariantCulture), ContentSum.OfTensors(some));
        call.Report.Table(table);
        if (!call.Value(s_tensors)) return;
        var each = new TextTable("tensor", "type", "SHA-256");
        foreach (var (name, tensor) in Ordered(parts[0].Tensors))
            each.Row(Printable.Line(name), tensor.Type.ToString(), ContentSum.OfTensors([(name, tensor)]));
        call.Report.Table(each);
    }

    private static void WriteEach(Utf8JsonWriter json, IReadOnlyList<(string Name, HostTensor Tensor)> tensors)
    {
        json.WriteStartObject("of_each");
        foreach (var (name, tensor) in Ordered(tensors)) json.WriteString(name, ContentSum.OfTensors([(name, tensor)]));
        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, HostTensor Tensor)> Ordered(IEnumerable<(string Name, HostTensor Tensor)> tensors) =>
        tensors.OrderBy(entry => entry.Name, StringComparer.Ordinal);
}
