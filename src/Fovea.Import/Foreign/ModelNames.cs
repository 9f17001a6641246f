using System.Text.RegularExpressions;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Naming;

namespace Fovea.Import.Foreign;

/// <summary>How another system spells the models of the catalogue: by the first rule that fits, a pattern of its name and what that is here.</summary>
/// <param name="rules">Patterns of whole names, and what they become ($1 stands for the first group).</param>
internal sealed class ModelNames(params (string Pattern, string Name)[] rules)
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(1);

    /// <summary>The row of the catalogue that a name means; null where it has none.</summary>
    internal ModelRow? TryFind(string name)
    {
        if (name.Length > 100) return null;
        foreach (var (pattern, replacement) in rules)
        {
            var match = Regex.Match(name, $"^(?:{pattern})$", RegexOptions.CultureInvariant, s_most);
            if (match.Success) return ModelCatalog.TryFind(match.Result(replacement).ToLowerInvariant());
        }

        return ModelCatalog.TryFind(name) ?? ModelCatalog.TryFind(name.ToLowerInvariant());
    }

    /// <summary>Says which model a key names; without it there is no recipe.</summary>
    internal ModelRow? Translate(Translation translation, ForeignValue from)
    {
        if (TryFind(from.Text) is not { } row)
        {
            translation.Refuse(from, $"the catalogue has no model '{Printable.Line(from.Text, 60)}'");
            return null;
        }

        translation.Set(from, "model.name", row.Name);
        return row;
    }
}
