using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Training.Parity;

namespace Fovea.Training.Tests.Parity;

/// <summary>Each number, list, key and option of the fixtures counts: a fixture in which one is altered does not pass.</summary>
public class AlteredFixtureTests
{
    /// <summary>Fields at the top that all cases share.</summary>
    private static readonly string[] s_shared = ["inputs", "problem", "images"];

    /// <summary>Where a fixture comes from, for readers.</summary>
    private static readonly string[] s_source = ["source", "salt", "note"];

    /// <summary>Alterations that may pass, with the reason: what is not a number to compare with, or is as true as before.</summary>
    private static readonly (string Alteration, string Reason)[] s_exceptions =
    [
        (@"(changed|removed) \S*\.note ", "a comment"),
        (@"(changed|removed) (problem\.(loss|groups)|clip\.adaptive\.norm|runs\.(weight_decay_rule|no_reinitialize|scales_note|mode)) ", "prose"),
        (@"changed published_scale_files\.files\.\S+ \d+\.\d+ ", "norms of files that are no part of the fixture"),
        (@"(removed|renamed) published_scale_files\.files\.", "one file of several; its name is no path of ours"),
        (@"removed clip\.(by_norm|adaptive) ", "one case of several"),
        (@"removed inputs\.class_frequency ", "follows from the counts, with which it is compared where it is given"),
        (@"removed cases\.params\.(weight_decay 0|momentum 0|betas \[0\.9,0\.999\]|eps 1e-(08|10)) ", "the default of PyTorch and timm"),
        (@"removed cases\.params\.alpha 0\.99 rmsprop_torch_centered|removed cases\.params\.alpha 0\.9 rmsprop_tf", "the same"),
        (@"removed cases\.params\.(final_lr 0\.1|gamma 0\.001|trust_coefficient 0\.02|clip true|rho 0\.5|eta 0\.01) ", "the authors' default"),
        (@"removed cases\.params\.alpha 0\.5 lookahead_sgd", "the authors' default"),
        (@"removed sequences\.params\.(gamma 12|mu 0\.8|alpha 4) ", "the authors' default"),
        (@"removed cases\.params\.(pct_start 0\.3|anneal ""cos""|div_factor 25|final_div_factor 10000|(base|max)_momentum 0\.[89]5) ", "PyTorch's default"),
        (@"removed cases\.params\.(lr_min 0|mode ""max"") ", "timm's default"),
        (@"removed cases\.params\.(alpha 0\.6|k 3) lookahead_adamw", "slow weights begin at the first meeting, and five steps have no second one"),
        (@"removed cases\.params\.(fill 0 pad|magnitude 0 (AutoContrast|Invert)|threshold 128 SolarizeAdd|value 0 erase)", "what the operation has"),
        (@"changed tensor_resize\.antialias false bilinear", "of an image that is enlarged"),
        (@"(changed|removed) cases\.params\.lr_in_momentum false ", "the same while the rate is"),
        (@"changed cases\.params\.lr 0\.1 (lars_timm_nesterov_clip|larc_sgd)", "steps of a clipped ratio do not depend on the rate"),
        (@"changed cases\.params\.final_lr 0\.1 adabound", "the bounds are too wide to be met"),
        (@"changed cases\.params\.alpha -1 focal_sigmoid_sum", "below 0 it is off"),
        (@"changed cases\.metric ", "a score after which nothing changes"),
        (@"changed (grad_mults|reinitialize)\.scales\.identity ", "the gradient of an identity has the factor 1 whatever its scales; so may its kernel"),
        (@"changed reinitialize\.use_identity_scales_for_reinit ", "of a block without identity"),
    ];

    public static TheoryData<string> Files => ["augment.json", "losses.json", "optimizers.json", "repoptimizer.json", "schedules.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_fixture_that_is_altered_in_one_place_does_not_pass(string file)
    {
        var passed = new List<string>();
        foreach (var (whole, part, path, name) in Parts(JsonNode.Parse(Fixtures.Component(file))!.AsObject()))
        {
            Assert.True(Passes(whole.ToJsonString(), file), $"{path} {name}");
            passed.AddRange(Alteration.Of(whole, part, path, name).Where(alteration => Passes(alteration.Json, file)).Select(Told));
        }

        Assert.Equal("", string.Join('\n', passed.Where(told => !s_exceptions.Any(one => Regex.IsMatch(told, $"^(?:{one.Alteration})"))).Distinct()));
    }

    private static string Told(Alteration alteration) => $"{alteration.Kind} {alteration.Path} {Cut(alteration.Was)} {alteration.Case}";

    private static string Cut(string text) => text.Length <= 100 ? text : text[..100];

    private static bool Passes(string json, string file)
    {
        try
        {
            return ComponentFixture.Compare(json, file, new ReferenceBackend(), Fixtures.Models).All(result => result.Passed);
        }
        catch (ModelFormatException e)
        {
            Assert.StartsWith($"{file}: ", e.Message, StringComparison.Ordinal);
            return false;
        }
    }

    /// <summary>Fixtures of one case each, or of one entry of another section beside a case, and what of them is to be altered.</summary>
    private static IEnumerable<(JsonObject Whole, JsonNode Part, string Path, string Name)> Parts(JsonObject fixture)
    {
        var cases = fixture["cases"]?.AsArray();
        var usual = cases?.FirstOrDefault(one => (string?)one!["name"] == "sgd_momentum") ?? cases?[0];
        foreach (var (key, section) in fixture.Where(field => !s_source.Contains(field.Key)).ToArray())
        {
            var isShared = s_shared.Contains(key);
            if (isShared || section is JsonObject || section![0] is JsonArray)
            {
                var whole = With(isShared ? [.. Chosen(cases!)] : cases is null ? [] : [usual!]);
                if (!isShared) whole[key] = section!.DeepClone();
                yield return (whole, whole[key]!, key, key);
                continue;
            }

            foreach (var entry in Chosen(section!.AsArray()))
            {
                var whole = With(cases is null ? [] : key == "cases" ? [entry] : [usual!]);
                if (key != "cases") whole[key] = new JsonArray(entry.DeepClone());
                yield return (whole, whole[key]![0] is JsonObject item ? item : whole[key]!, key, NameOf(entry));
            }
        }

        JsonObject With(JsonNode[] entries)
        {
            var whole = new JsonObject();
            foreach (var key in s_shared.Where(fixture.ContainsKey)) whole[key] = fixture[key]!.DeepClone();
            if (entries.Length > 0) whole["cases"] = new JsonArray([.. entries.Select(entry => entry.DeepClone())]);
            return whole;
        }
    }

    /// <summary>Of cases that only differ in values, some: of each operation on images the first for each image.</summary>
    private static IEnumerable<JsonNode> Chosen(JsonArray entries) => entries.Select(entry => entry!)
        .DistinctBy(entry => entry is JsonObject && entry["op"] is { } operation ? $"{operation} {entry["image"]}" : entry.ToJsonString());

    private static string NameOf(JsonNode entry) => entry is JsonObject ? $"{entry["name"] ?? entry["op"] ?? entry["update_rule"] ?? entry["mode"]}" : "";
}
