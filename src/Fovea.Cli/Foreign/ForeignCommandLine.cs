using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Cli.Usage;
using Fovea.Import;
using Fovea.Import.Foreign;
using Fovea.Import.Systems;
using Fovea.Models;
using Fovea.Sources;

namespace Fovea.Cli.Foreign;

/// <summary>
/// Turns a command line as users of other systems type it into one of ours: <c>--data_dir</c>, <c>--opts K V</c>, <c>-o a.b=v</c>, <c>--eval</c>.
/// </summary>
internal sealed partial class ForeignCommandLine
{
    private const string Override = "--override";

    private readonly string _command;
    private readonly ForeignSystem? _system;
    private readonly HashSet<string> _own;
    private readonly List<string> _words = [];
    private readonly List<string> _named = [];

    private ForeignCommandLine(string command, ForeignSystem? system, HashSet<string> own) => (_command, _system, _own) = (command, system, own);

    /// <summary>Translates the words of a command line; those that are ours stay as they are.</summary>
    /// <param name="words">The words.</param>
    /// <param name="root">All commands with their flags.</param>
    /// <exception cref="UsageException">Words of another system are not complete.</exception>
    internal static IReadOnlyList<string> Translate(IReadOnlyList<string> words, Command root)
    {
        if (words is not [("train" or "validate" or "predict") and var command, ..]) return words;
        var own = root.Subcommands.First(sub => sub.Name == command).Options.SelectMany(option => option.Aliases.Append(option.Name));
        var end = words.TakeWhile(word => word != "--").Count();
        string[] spelt = [.. words.Take(end).SelectMany(Parted)];
        var line = new ForeignCommandLine(command, SystemOf(spelt), own.ToHashSet(StringComparer.Ordinal));
        line.Read(spelt.AsSpan(1));
        return [.. new ForeignMode(command, root).Apply(line._words), .. words.Skip(end)];
    }

    /// <summary>The system of the file that the words name; that of <c>--opts</c> where they name none.</summary>
    private static ForeignSystem? SystemOf(string[] words)
    {
        var at = Array.FindIndex(words, word => word is "-c" or "--config");
        if (at >= 0) return at + 1 < words.Length ? RecipeImport.SystemOf(words[at + 1]) : null;
        return words.Contains("--opts", StringComparer.Ordinal) ? ForeignSystems.OfOptions : null;
    }

    /// <summary>A flag and its value where they are one word.</summary>
    private static IEnumerable<string> Parted(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) is > 2 and var at && word[..at] != "--pretrained"
            ? [word[..at], word[(at + 1)..]]
            : [word];

    private void Read(ReadOnlySpan<string> words)
    {
        while (words.Length > 0)
        {
            var values = Values(words[1..]);
            words = words[Taken(words[0], values)..];
        }

        // Flags with a name of their own beat those of --opts, wherever they stand.
        _words.AddRange(_named);
    }

    /// <summary>The words behind a flag, up to the next; a negative number is none.</summary>
    private static string[] Values(ReadOnlySpan<string> words)
    {
        var count = 0;
        while (count < words.Length && !IsFlag(words[count])) count++;
        return words[..count].ToArray();
    }

    private static bool IsFlag(string word) => word is ['-', not '.' and var first, ..] && !char.IsAsciiDigit(first);

    /// <summary>Translates one flag; how many words it took.</summary>
    private int Taken(string word, string[] values)
    {
        if (word == "--opts") return Pairs(values);
        if (word == "-o" && values is [var change, ..] && Assignment().IsMatch(change)) return Changed(change, 2);
        if (_command == "predict" && word == "--image_path" && values is [var image, ..])
        {
            _words.Add(image);
            return 2;
        }

        var flag = ForeignSpelling.Of(_command, word);
        if (flag == "--model" && values is [var model, ..]) return Model(model);
        if (_system is not null && flag == "--batch-size" && values is [var batch, ..]
            && int.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return Named($"{_system.BatchKey}={batch}", 2);
        var key = flag.StartsWith('-') ? _system?.KeyOf(word) : null;
        if (key is not null && (!_own.Contains(flag) || IsTruth(word, values) || IsBoth(word, flag, key, values)))
            return Named($"{key}={Value(values)}", 1 + values.Length);
        _words.Add(flag);
        return 1;
    }

    /// <summary>A flag of ours that has no such value, as <c>--pretrained True</c>.</summary>
    private static bool IsTruth(string flag, string[] values) => flag == "--pretrained" && values is [var value] && bool.TryParse(value, out _);

    /// <summary>A flag that both systems have: it is the file's key; a list with commas is as ours are written.</summary>
    private bool IsBoth(string word, string flag, string key, string[] values) =>
        _command == "train" && word == flag && values.Length > 0
            && _system!.Means(key, hasCommas: values.Length == 1 && values[0].Contains(',', StringComparison.Ordinal));

    private static string Value(string[] values) => values switch { [] => "true", [var one] => one, _ => $"[{string.Join(", ", values)}]" };

    private int Changed(string change, int taken)
    {
        _words.Add(Override);
        _words.Add(change);
        return taken;
    }

    private int Named(string change, int taken)
    {
        _named.Add(Override);
        _named.Add(change);
        return taken;
    }

    private int Pairs(string[] values)
    {
        if (values.Length % 2 != 0 || values.Length == 0)
            throw new UsageException($"--opts wants pairs of a key and a value, as in --opts DATA.IMG_SIZE 112; it has {values.Length} words");
        for (var i = 0; i < values.Length; i += 2) Changed($"{values[i]}={values[i + 1]}", 0);
        return 1 + values.Length;
    }

    /// <summary>The model of the configuration; without one, a name that the catalogue has not is looked for in other systems.</summary>
    private int Model(string name)
    {
        if (_system is not null && _command == "train") return Named($"{_system.ModelKey}={name}", 2);
        _words.Add("--model");
        var isOurs = ModelCatalog.TryFind(name) is not null || ModelSource.IsPath(name);
        _words.Add(isOurs ? name : ForeignSystems.All.Select(system => system.ModelOf(name)).FirstOrDefault(found => found is not null) ?? name);
        return 2;
    }

    [GeneratedRegex(@"^[A-Za-z_][\w\-]*(\.[\w\-]+)*=", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
