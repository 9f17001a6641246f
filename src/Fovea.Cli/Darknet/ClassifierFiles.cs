using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Darknet;
using Fovea.Data.Sources.Darknet;
using Fovea.Naming;
using Fovea.Sources;

namespace Fovea.Cli.Darknet;

/// <summary>What Darknet's classifier commands are given: a data set, a network, and perhaps its weights.</summary>
/// <param name="Data">The <c>.data</c> file.</param>
/// <param name="Network">The cfg.</param>
/// <param name="Weights">The file of weights; null for none.</param>
internal sealed record ClassifierFiles(DarknetData Data, DarknetNetwork Network, string? Weights)
{
    private const string WithoutMeaning = "Has no meaning here";

    internal static Argument<string> DataFile { get; } = new("DATA") { Description = "The .data file: classes, train, valid, labels, names, backup, top" };

    internal static Argument<string> CfgFile { get; } = new("CFG") { Description = "The network and how it is trained, a .cfg file" };

    internal static Argument<string?> WeightsFile { get; } = new("WEIGHTS")
    {
        Description = "Its weights, a .weights file", Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Flags of its program that mean nothing here: devices, windows, cameras.</summary>
    internal static Option[] Idle { get; } =
    [
        .. ((string[])["-gpus", "-i", "-c", "-mjpeg_port"]).Select(name => new Option<string?>(name) { Description = WithoutMeaning, Hidden = true }),
        .. ((string[])["-dont_show", "-dontuse_opencv", "-show_imgs", "-benchmark", "-benchmark_layers", "-nogpu"])
            .Select(name => new Option<bool>(name) { Description = WithoutMeaning, Hidden = true }),
    ];

    /// <summary>The path of the cfg.</summary>
    internal string Cfg => Network.Cfg.Name;

    /// <summary>What Darknet calls a run: the cfg's name without its end.</summary>
    internal string Base => Path.GetFileNameWithoutExtension(Cfg);

    /// <summary>Reads data and cfg, and checks that they go together.</summary>
    /// <exception cref="UsageException">They do not, or a file is missing.</exception>
    /// <exception cref="Formats.ModelFormatException">The cfg is no network that can be had.</exception>
    /// <exception cref="Data.Sources.DataException">The data cannot be read.</exception>
    internal static ClassifierFiles Of(Invocation call)
    {
        var (data, cfg, weights) = (call.Value(DataFile)!, call.Value(CfgFile)!, call.Value(WeightsFile));
        Check(data, "a .data file, Darknet's description of a data set");
        Check(cfg, "a .cfg file, Darknet's description of a network");
        if (weights is not null) Check(weights, "a .weights file, the weights of a network of Darknet");
        var files = new ClassifierFiles(DarknetData.Read(data), DarknetNetwork.Read(cfg), weights);
        foreach (var note in files.Network.Notes) call.Report.Note($"{Printable.Of(cfg)}: {note}");
        foreach (var warning in files.Data.Warnings) call.Report.Warning(warning);
        files.Check();
        return files;
    }

    /// <summary>The model with its weights.</summary>
    /// <exception cref="UsageException">None are given.</exception>
    internal LoadedModel Model(Invocation call)
    {
        if (Weights is null) throw new UsageException($"WEIGHTS are missing; wanted the weights of {Printable.Of(Cfg)}, which 'fovea classifier train' writes");
        return new DarknetSource().Load(Cfg, new() { Weights = Weights, TakesBeside = false, Note = call.Report.Note });
    }

    private static void Check(string path, string what) => new FileKind("", what, _ => true).CheckSource(path);

    private void Check()
    {
        var (classes, outputs) = (Data.Classes, Network.Outputs);
        if (classes == outputs) return;
        throw new UsageException(
            $"{Printable.Of(Data.File)} says classes={classes}, the last layer of {Printable.Of(Cfg)} makes {Amount.Of(outputs, "number")}; "
            + $"wanted as many: classes={outputs}, or filters={classes} in the last layer with weights (output={classes} where it is [connected])");
    }
}
