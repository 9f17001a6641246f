namespace Fovea.Import.Tests;

/// <summary>Small configurations with the keys of other systems, of our own writing.</summary>
internal static class Samples
{
    internal const string MindCv = """
        # a net of our own choice
        mode: 0
        distribute: True
        dataset: imagenet
        data_dir: /somewhere
        batch_size: 32
        image_resize: 112
        crop_pct: 0.875
        auto_augment: randaug-m9-mstd0.5-inc1
        re_prob: 0.25
        re_value: random
        mixup: 0.2
        cutmix: 1.0
        model: mobilenet_v2_100
        num_classes: 7
        epoch_size: 30
        loss: CE
        label_smoothing: 0.1
        scheduler: cosine_decay
        lr: 0.05
        min_lr: 1e-6
        warmup_epochs: 3
        warmup_factor: 0.01
        decay_epochs: 27
        opt: momentum
        momentum: 0.9
        weight_decay: 4e-5
        ema: True
        ema_decay: 0.9995
        loss_scale: 1024
        amp_level: O2
        """;

    internal const string Paddle = """
        Global:
          device: gpu
          epochs: 20
          class_num: &classes 7
          eval_interval: 2
          image_shape: [3, 224, 224]
          update_freq: 2
        AMP: {scale_loss: 128.0, level: O1}
        EMA: {decay: 0.999}
        Arch: {name: ResNet50_vd, class_num: *classes}
        Loss:
          Train:
            - CELoss: {weight: 1.0, epsilon: 0.1}
          Eval:
            - CELoss: {weight: 1.0}
        Optimizer:
          name: Momentum
          momentum: 0.9
          lr: {name: Piecewise, decay_epochs: [5, 10], values: [0.2, 0.02, 0.004], warmup_epoch: 2}
          regularizer: {name: L2, coeff: 0.0001}
        DataLoader:
          Train:
            dataset:
              name: ImageNetDataset
              image_root: ./here
              transform_ops:
                - DecodeImage: {to_rgb: True, channel_first: False}
                - RandCropImage: {size: 224, interpolation: bicubic}
                - RandFlipImage: {flip_code: 1}
                - TimmAutoAugment: {config_str: rand-m9-mstd0.5-inc1, img_size: 224}
                - NormalizeImage: {scale: 1.0/255.0, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], order: ''}
                - RandomErasing: {EPSILON: 0.25, sl: 0.02, sh: 1.0/3.0, r1: 0.3, mode: pixel}
              batch_transform_ops:
                - OpSampler:
                    MixupOperator: {alpha: 0.8, prob: 0.5}
                    CutmixOperator: {alpha: 1.0, prob: 0.25}
            sampler: {name: DistributedBatchSampler, batch_size: 64, drop_last: False, shuffle: True}
            loader: {num_workers: 4, use_shared_memory: True}
          Eval:
            dataset:
              name: ImageNetDataset
              transform_ops:
                - DecodeImage: {to_rgb: True}
                - ResizeImage: {resize_short: 256}
                - CropImage: {size: 224}
                - NormalizeImage: {scale: 1.0/255.0, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}
                - ToCHWImage:
            sampler: {name: DistributedBatchSampler, batch_size: 64, drop_last: False, shuffle: False}
        Metric:
          Train:
            - TopkAcc: {topk: [1, 5]}
        """;

    internal const string Paddle20 = """
        mode: 'train'
        ARCHITECTURE: {name: 'DLA60'}
        pretrained_model: ""
        classes_num: 7
        total_images: 1000
        epochs: 20
        image_shape: [3, 224, 224]
        use_mix: True
        ls_epsilon: 0.1
        LEARNING_RATE:
          function: 'CosineWarmup'
          params: {lr: 0.1, warmup_epoch: 4}
        OPTIMIZER:
          function: 'Momentum'
          params: {momentum: 0.9}
          regularizer: {function: 'L2', factor: 0.0001}
        TRAIN:
          batch_size: 256
          num_workers: 4
          shuffle_seed: 0
          transforms:
            - DecodeImage: {to_rgb: True, to_np: False, channel_first: False}
            - RandCropImage: {size: 224}
            - RandFlipImage: {flip_code: 1}
            - NormalizeImage: {scale: 1./255., mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], order: ''}
            - ToCHWImage:
          mix:
            - MixupOperator: {alpha: 0.2}
        VALID:
          batch_size: 64
          transforms:
            - ResizeImage: {resize_short: 256}
            - CropImage: {size: 224}
        """;

    internal const string RepVgg = """
        DATA: {BATCH_SIZE: 32, IMG_SIZE: 112, INTERPOLATION: bicubic, NUM_WORKERS: 8}
        MODEL: {ARCH: RepVGG-A0, LABEL_SMOOTHING: 0.1}
        TRAIN:
          EPOCHS: 40
          WARMUP_EPOCHS: 5
          BASE_LR: 0.1
          WEIGHT_DECAY: 1e-4
          ACCUMULATION_STEPS: 2
          LR_SCHEDULER: {NAME: cosine}
          OPTIMIZER: {NAME: sgd, MOMENTUM: 0.9}
        AUG: {PRESET: weak, MIXUP: 0.0}
        TEST: {CROP: True}
        TAG: ours
        """;

    internal const string CifarTricks = """
        name: run0
        model: ResNet18
        dataset: cifar10
        bs: 128
        nw: 4
        epochs: 40
        lr: 0.1
        optims: sam
        sched: multistep
        milestones: 20,30
        gamma: 0.2
        crit: lsr
        smooth_factor: 0.1
        cutout: True
        mixup: True
        mixup_alpha: 0.5
        """;

    internal const string Timm = """
        model: resnet50.a1_in1k
        pretrained: false
        batch_size: 128
        opt: adamw
        opt_betas: null
        lr: null
        lr_base: 0.001
        lr_base_size: 512
        sched: cosine
        epochs: 30
        warmup_epochs: 3
        warmup_lr: 1.0e-05
        cooldown_epochs: 2
        aa: rand-m7-mstd0.5-inc1
        reprob: 0.2
        mixup: 0.1
        cutmix: 1.0
        bce_loss: true
        smoothing: 0.1
        model_ema: true
        amp: true
        workers: 8
        """;

    internal const string Darknet = """
        # a net of our own choice
        [net]
        batch=8
        subdivisions=2
        width=16
        height=16
        channels=3
        learning_rate=0.1
        policy=steps
        steps=20,30
        scales=.1,.5
        max_batches=40
        burn_in=4
        angle=7
        saturation=.75
        label_smooth_eps=0.1
        letter_box=1
        somewhere=else
        batch=9

        [convolutional]
        filters=4
        size=1
        activation=linear
        learning_rate=2

        [avgpool]

        [softmax]
        """;

    internal static IReadOnlyDictionary<string, (string System, string Text)> All { get; } = new Dictionary<string, (string, string)>
    {
        ["mindcv"] = ("MindCV", MindCv), ["paddle"] = ("PaddleClas", Paddle), ["paddle20"] = ("PaddleClas 2.0", Paddle20), ["repvgg"] = ("RepVGG", RepVgg),
        ["cifar-tricks"] = ("pytorch-cifar-tricks", CifarTricks), ["timm"] = ("timm", Timm), ["darknet"] = ("Darknet", Darknet),
    };
}
