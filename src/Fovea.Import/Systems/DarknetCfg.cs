using System.Globalization;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Formats;
using Fovea.Import.Foreign;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Import.Systems;

/// <summary>Darknet: a cfg, whose <c>[net]</c> says how its classifier is trained, and whose layers are the model.</summary>
/// <remarks>
/// Facts of https://github.com/AlexeyAB/darknet: <c>src/parser.c</c> (options), <c>network.c</c> (rates, averages), <c>data.c</c> and <c>image.c</c>
/// (augmentation).
/// </remarks>
internal sealed record DarknetCfg : ForeignSystem
{
    internal const string Options = "net";
    internal const string Again = "net, once more";
    internal const string Unread = "net, unused";
    internal const string Layers = "layers";
    internal const string Apart = "layers, apart";

    public override string Name => "Darknet";

    public override string Address => "https://github.com/AlexeyAB/darknet";

    public override string Note =>
        "an epoch shows each image once, where Darknet draws images anew for each batch; its .data file is given as --data (docs/darknet.md)";

    internal override IReadOnlyList<ForeignKey> Keys => DarknetKeys.File;

    internal override int LeastKeys => 1;

    public override string ModelKey => Layers;

    public override string BatchKey => $"{Options}.batch";

    internal override ModelNames Models { get; } = new();

    /// <summary>The options of a cfg as a map; nothing for a text that does not begin with <c>[net]</c>.</summary>
    internal override RecipeMap Read(ForeignText text)
    {
        var map = new RecipeMap(text.File);
        if (!IsCfg(text.Text)) return map;
        try
        {
            var cfg = CfgFile.Parse(text.Text, text.File);
            var (first, again, unread) = (new RecipeMap(text.File), new RecipeMap(text.File), new RecipeMap(text.File));
            var known = DarknetKeys.Net.Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var entry in cfg.Sections[0].Entries)
                Enter(!known.Contains(entry.Key) ? unread : first.Find(entry.Key) is null ? first : again, entry, text.File);
            map.Set(new(text.File, Options, first));
            if (again.Entries.Count > 0) map.Set(new(text.File, Again, again));
            if (unread.Entries.Count > 0) map.Set(new(text.File, Unread, unread));
            var place = Place(text.File, cfg.Sections.Count > 1 ? cfg.Sections[1].Line : cfg.Sections[0].Line);
            map.Set(new(place, Layers, new RecipeScalar(place, Amount.Of(cfg.Sections.Count - 1, "section"), IsPlain: true)));
            if (TrainedApart(cfg) is { Entries.Count: > 0 } apart) map.Set(new(place, Apart, apart));
            return map;
        }
        catch (ModelFormatException e)
        {
            throw new RecipeException(e.Message, e);
        }
    }

    internal override void Translate(Translation translation)
    {
        var file = new ForeignSection(translation, "", translation.Tree.Root, Keys);
        translation.Rest(Again, ImportOutcome.Meaningless, "the key stands in [net] before, and the first counts");
        translation.Rest(Unread, ImportOutcome.Meaningless, "Darknet reads no such key");
        translation.Rest(Apart, ImportOutcome.Impossible, "all layers are trained alike, and [crop] takes the middle of each image");
        var network = Network(translation);
        translation.Set(file[Layers], "model.source", Path.GetFullPath(translation.Tree.File));
        var net = file.Below(Options, DarknetKeys.Net);
        DarknetInputs.Translate(translation, net);
        DarknetCourse.Translate(translation, net, network);
        DarknetSchedule.Translate(translation, net);
        net.Rest("Darknet does not read it beside the other values of this file");
    }

    /// <summary>What layers say of their own training, where it is not what holds for all: numbered as Darknet's table has them.</summary>
    private static RecipeMap TrainedApart(CfgFile cfg)
    {
        var map = new RecipeMap(cfg.Name);
        foreach (var (index, section) in cfg.Sections.Skip(1).Index())
            foreach (var entry in section.Entries)
                if (DarknetKeys.UsualOfLayer(section.Name, entry.Key) is { } usual && entry.Value.Split('#')[0].Trim() != usual)
                    Enter(map, entry with { Key = string.Create(CultureInfo.InvariantCulture, $"{index} {section.Name} {entry.Key}") }, cfg.Name);
        return map;
    }

    /// <summary>The network; null, with the problem told, where the layers are none that can be had.</summary>
    private static DarknetNetwork? Network(Translation translation)
    {
        try
        {
            return DarknetNetwork.Of(CfgFile.Parse(translation.Tree.Source.Text, translation.Tree.File));
        }
        catch (ModelFormatException e)
        {
            translation.Problem(translation.Tree.File, e.Message);
            return null;
        }
    }

    private static bool IsCfg(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
            if (line.Trim() is { IsEmpty: false } words && words[0] is not ('#' or ';'))
                return words is "[net]" or "[network]";
        return false;
    }

    private static void Enter(RecipeMap map, CfgEntry entry, string file)
    {
        if (map.Find(entry.Key) is not null) return;
        var place = Place(file, entry.Line);
        var comment = entry.Value.IndexOf('#', StringComparison.Ordinal);
        var value = comment > 0 ? entry.Value[..comment] : entry.Value;
        map.Set(new(place, entry.Key, value.Contains(',', StringComparison.Ordinal)
            ? new RecipeList(place, [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => new RecipeScalar(place, part, IsPlain: true))])
            : new RecipeScalar(place, value, IsPlain: true)));
    }

    private static string Place(string file, int line) => string.Create(CultureInfo.InvariantCulture, $"{file}:{line}");
}
