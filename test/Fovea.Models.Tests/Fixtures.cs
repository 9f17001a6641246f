using Fovea.Models.Parity;

namespace Fovea.Models.Tests;

/// <summary>The fixtures that are copied beside the tests.</summary>
internal static class Fixtures
{
    internal static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "fixtures");

    /// <summary>The ids of all model fixtures.</summary>
    internal static IEnumerable<string> Ids { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "models"), "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>The ids as cases of a theory.</summary>
    public static TheoryData<string> All() => [.. Ids];

    /// <summary>The re-parameterised ones.</summary>
    public static TheoryData<string> Deployed() => [.. Ids.Where(id => id.Contains("repvgg", StringComparison.Ordinal))];

    internal static Fixture Read(string id) => FixtureReader.Read(Path.Combine(Folder, "models", $"{id}.json"));

    /// <summary>The model of a fixture, as the fixture has it.</summary>
    internal static Graphs.Graph Build(Fixture fixture, int batch = 1) =>
        FixtureModel.Find(fixture.Id).Row.Build(new ModelOptions { Classes = fixture.Classes, ImageSize = fixture.Input.H, InputChannels = fixture.Input.C }, batch);
}
