using System.Diagnostics;
using Fovea.Cli.Tests.Darknet;

namespace Fovea.Cli.Tests;

/// <summary>The lines of docs/coming-from.md, as they stand but for the epochs, with small pictures and small configurations of the five systems.</summary>
public sealed class ComingFromTests : IDisposable
{
    private const string Epochs = "100";

    private readonly TemporaryFolder _folder = new();

    public ComingFromTests()
    {
        foreach (var name in new[] { "AAAI", "imagenet", "cifar" }) TinyData.Make(_folder, train: 8, validation: 4, name);
        List("lists/train_list.txt", "imagenet/train", label: true);
        List("lists/val_list.txt", "imagenet/val", label: true);
        List("train.list", "imagenet/train", label: false);
        List("valid.list", "imagenet/val", label: false);
        Write("labels.list", string.Join('\n', TinyData.Classes));
        Write("colours.data", "classes=3\ntrain=train.list\nvalid=valid.list\nlabels=labels.list\nbackup=backup\n");
        foreach (var (file, text) in Files) Write(file, text);
    }

    /// <summary>The headings of the page's systems.</summary>
    public static TheoryData<string> Systems => [.. Blocks().Select(block => block.Heading)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_has_all_five_systems() =>
        Assert.Equal(["RepVGG and RepOptimizers", "MindCV", "PaddleClas", "pytorch-cifar-tricks", "Darknet"], Blocks().Select(block => block.Heading));

    [Theory]
    [MemberData(nameof(Systems))]
    [Trait("row", "S0-15")]
    [Trait("row", "S1-01")]
    [Trait("row", "S1-07")]
    [Trait("row", "S2-02")]
    [Trait("row", "S3-05")]
    [Trait("row", "S4-06")]
    public void Lines_of_a_system_do_what_they_say(string system)
    {
        foreach (var line in Blocks().Single(block => block.Heading == system).Lines)
        {
            var words = line.Replace(Epochs, "1", StringComparison.Ordinal).Split(' ').Skip(1).ToArray();
            var (code, text) = Run(words);
            Assert.True(code == 0, $"{line}\nends with {code}:\n{text}");
        }
    }

    /// <summary>Small configurations of our own making with the keys that those systems have.</summary>
    private static IReadOnlyList<(string File, string Text)> Files { get; } =
    [
        ("repvgg_a1_ascend.yaml", """
            mode: 0
            distribute: True
            num_parallel_workers: 8
            val_while_train: True
            dataset: imagenet
            data_dir: /path/to/imagenet
            batch_size: 6
            drop_remainder: True
            image_resize: 32
            model: repvgg_a0
            num_classes: 3
            epoch_size: 240
            ckpt_save_dir: ./ckpt
            amp_level: O0
            loss: CE
            label_smoothing: 0.1
            scheduler: cosine_decay
            lr: 0.05
            warmup_epochs: 0
            opt: momentum
            momentum: 0.9
            weight_decay: 0.0001
            """),
        ("DLA34.yaml", """
            mode: train
            ARCHITECTURE:
              name: DLA34
            classes_num: 3
            total_images: 24
            topk: 5
            epochs: 120
            image_shape: [3, 32, 32]
            LEARNING_RATE:
              function: Cosine
              params:
                lr: 0.1
            OPTIMIZER:
              function: Momentum
              params:
                momentum: 0.9
            TRAIN:
              batch_size: 256
              num_workers: 4
              file_list: ./train_list.txt
              data_dir: ./data
              transforms:
                - DecodeImage:
                    to_rgb: True
                    to_np: False
                    channel_first: False
                - RandCropImage:
                    size: 32
                - RandFlipImage:
                    flip_code: 1
                - NormalizeImage:
                    scale: 1./255.
                    mean: [0.485, 0.456, 0.406]
                    std: [0.229, 0.224, 0.225]
                    order: ''
                - ToCHWImage:
            VALID:
              batch_size: 8
              num_workers: 4
              file_list: ./val_list.txt
              data_dir: ./data
              transforms:
                - DecodeImage:
                    to_rgb: True
                    to_np: False
                    channel_first: False
                - ResizeImage:
                    resize_short: 36
                - CropImage:
                    size: 32
                - NormalizeImage:
                    scale: 1./255.
                    mean: [0.485, 0.456, 0.406]
                    std: [0.229, 0.224, 0.225]
                    order: ''
                - ToCHWImage:
            """),
        ("ricap.yaml", """
            name: ricap
            model: resnet20
            dataset: cifar10
            bs: 6
            epochs: 200
            lr: 0.1
            optims: sgd
            sched: cosine
            crit: lsr
            ricap: true
            """),
        ("tiny.cfg", TinyNetwork.Cfg(maxBatches: 6)),
    ];

    private static IReadOnlyList<(string Heading, IReadOnlyList<string> Lines)> Blocks()
    {
        var sections = File.ReadAllText(Repository.Path("docs/coming-from.md")).Split("\n## ").Skip(1);
        return [.. sections.Select(section => (section[..section.IndexOf('\n', StringComparison.Ordinal)], Lines(section)))];
    }

    private static IReadOnlyList<string> Lines(string section) =>
        [.. section.Split("```sh\n").Skip(1).SelectMany(block => block[..block.IndexOf("```", StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private (int Code, string Text) Run(string[] words)
    {
        var start = new ProcessStartInfo(ToolProcess.Host, [Path.Combine(AppContext.BaseDirectory, "fovea.dll"), .. words])
        {
            WorkingDirectory = _folder.Path("."), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var tool = Process.Start(start)!;
        var error = tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return (tool.ExitCode, output + error.Result);
    }

    private void Write(string name, string text)
    {
        var path = _folder.Path(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }

    private void List(string name, string pictures, bool label)
    {
        Write(name, string.Join('\n', TinyNetwork.PicturesOf(_folder.Path(pictures)).Select(file => label
            ? $"{Path.GetRelativePath(_folder.Path("."), file)} {Path.GetFileName(Path.GetDirectoryName(file))}"
            : Path.GetRelativePath(_folder.Path("."), file))));
    }
}
