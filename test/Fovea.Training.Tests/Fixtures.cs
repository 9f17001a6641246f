using System.Text.Json;
using Fovea.Models;
using Fovea.Models.Parity;
using Fovea.Training.Parity;

namespace Fovea.Training.Tests;

/// <summary>The files of test/fixtures/components, copied beside the tests.</summary>
internal static class Fixtures
{
    /// <summary>The models that fixtures of RepOptimizers are about.</summary>
    internal static FixtureModels Models { get; } = new(
        model => ModelCatalog.Build(
            "repoptvgg_target",
            new() { NumBlocks = model.NumBlocks, WidthMultiplier = model.WidthMultiplier, Classes = model.Classes, ImageSize = model.Input.H }, model.Input.N),
        (fill, shape, seed) => FixtureTensors.Filled(fill, shape, seed));

    internal static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "components", name)));
        return document.RootElement.Clone();
    }

    /// <summary>The text of a file of test/fixtures/components.</summary>
    internal static string Component(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "components", name));

    internal static double[] Numbers(this JsonElement json) => [.. json.EnumerateArray().Select(number => number.GetDouble())];

    internal static double Number(this JsonElement json, string name, double otherwise) =>
        json.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
}
