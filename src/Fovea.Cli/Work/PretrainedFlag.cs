using System.CommandLine;
using Fovea.Pretrained;

namespace Fovea.Cli.Work;

/// <summary><c>--pretrained[=NAME]</c>, whose value may be left out, so that it never takes the word after it.</summary>
internal static class PretrainedFlag
{
    private const string Name = "--pretrained";

    /// <summary>The flag for a command.</summary>
    /// <param name="description">What it does there.</param>
    internal static Option<string?> Of(string description) => new(Name) { Description = description, HelpName = "NAME" };

    /// <summary>
    /// A command line in which the flag alone has the value that stands for the default weights; a name of weights behind it is its value, too.
    /// </summary>
    internal static IReadOnlyList<string> Completed(IReadOnlyList<string> words)
    {
        var end = words.TakeWhile(word => word != "--").Count();
        var completed = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (i >= end || words[i] != Name) completed.Add(words[i]);
            else if (i + 1 < end && WeightsCatalog.TryFind(words[i + 1]) is not null) completed.Add($"{Name}={words[++i]}");
            else completed.Add($"{Name}={WeightsCatalog.Default}");
        }

        return completed;
    }
}
